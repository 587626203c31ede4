/* test-object-list.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-object-list.h"

#define TEST_TYPE_ITEM (test_item_get_type ())
G_DECLARE_FINAL_TYPE (TestItem, test_item, TEST, ITEM, GObject)

struct _TestItem
{
  GObject parent_instance;

  char *key; /* (owned) */
};

G_DEFINE_FINAL_TYPE (TestItem, test_item, G_TYPE_OBJECT)

static void
test_item_finalize (GObject *object)
{
  g_free (TEST_ITEM (object)->key);

  G_OBJECT_CLASS (test_item_parent_class)->finalize (object);
}

static void
test_item_class_init (TestItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_item_finalize;
}

static void
test_item_init (TestItem *self)
{
}

static TestItem *
test_item_new (const char *key)
{
  TestItem *self = g_object_new (TEST_TYPE_ITEM, NULL);

  self->key = g_strdup (key);
  return self;
}

/* A copy of the list that knows only what the signals tell. */
typedef struct
{
  BaseObjectList *list;  /* (owned) */
  GPtrArray      *items; /* (element-type TestItem) (owned) */
  guint           n_signals;
  guint           n_notifies;
} Mirror;

static void
on_list_items_changed_cb (GListModel *model,
                          guint       position,
                          guint       n_removed,
                          guint       n_added,
                          Mirror     *mirror)
{
  g_assert_cmpuint (n_removed + n_added, >, 0);
  mirror->n_signals++;
  if (n_removed > 0)
    g_ptr_array_remove_range (mirror->items, position, n_removed);
  for (guint i = 0; i < n_added; i++)
    g_ptr_array_insert (mirror->items, (int) (position + i),
                        g_list_model_get_item (model, position + i));

  /* the model has to be as told at every signal, not only at the last */
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, mirror->items->len);
  for (guint i = 0; i < mirror->items->len; i++)
    {
      g_autoptr(TestItem) item = g_list_model_get_item (model, i);

      g_assert_true (mirror->items->pdata[i] == item);
    }
}

static void
on_list_notify_n_items_cb (BaseObjectList *list,
                           GParamSpec     *pspec,
                           Mirror         *mirror)
{
  mirror->n_notifies++;
}

static Mirror *
mirror_new (void)
{
  Mirror *mirror = g_new0 (Mirror, 1);

  mirror->list = base_object_list_new (TEST_TYPE_ITEM);
  mirror->items = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect (mirror->list, "items-changed", G_CALLBACK (on_list_items_changed_cb), mirror);
  g_signal_connect (mirror->list, "notify::n-items",
                    G_CALLBACK (on_list_notify_n_items_cb), mirror);
  return mirror;
}

static void
mirror_free (Mirror *mirror)
{
  g_assert_finalize_object (mirror->list);
  g_ptr_array_unref (mirror->items);
  g_free (mirror);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Mirror, mirror_free)

static void
assert_signals (Mirror *mirror,
                guint   n_signals)
{
  g_assert_cmpuint (mirror->n_signals, ==, n_signals);
  mirror->n_signals = 0;
}

static void
insert (Mirror     *mirror,
        const char *key)
{
  g_autoptr(TestItem) item = test_item_new (key);

  base_object_list_insert (mirror->list, key, item);
}

static void
assert_keys (Mirror     *mirror,
             const char *expected)
{
  g_autoptr(GString) keys = g_string_new (NULL);

  for (guint i = 0; i < mirror->items->len; i++)
    g_string_append (keys, TEST_ITEM (mirror->items->pdata[i])->key);
  g_assert_cmpstr (keys->str, ==, expected);
}

static GHashTable *
new_set (const char *keys)
{
  GHashTable *set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (; *keys != '\0'; keys++)
    g_hash_table_add (set, g_strndup (keys, 1));
  return set;
}

static GHashTable *
new_items (const char *keys)
{
  GHashTable *items = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);

  for (; *keys != '\0'; keys++)
    {
      char *key = g_strndup (keys, 1);

      g_hash_table_insert (items, key, test_item_new (key));
    }
  return items;
}

static void
add_many (Mirror     *mirror,
          const char *keys)
{
  g_autoptr(GHashTable) items = new_items (keys);

  base_object_list_add_many (mirror->list, items);
}

static void
retain (Mirror     *mirror,
        const char *keys)
{
  g_autoptr(GHashTable) set = new_set (keys);

  base_object_list_retain (mirror->list, set);
}

static void
test_insert (void)
{
  g_autoptr(Mirror) mirror = mirror_new ();
  TestItem *old;

  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (mirror->list)) == TEST_TYPE_ITEM);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (mirror->list), 0));
  insert (mirror, "c");
  insert (mirror, "a");
  insert (mirror, "B");
  insert (mirror, "b");
  assert_keys (mirror, "Babc");
  assert_signals (mirror, 4);
  g_assert_cmpuint (mirror->n_notifies, ==, 4);

  old = base_object_list_lookup (mirror->list, "b");
  g_assert_cmpstr (old->key, ==, "b");
  base_object_list_insert (mirror->list, "b", old);
  assert_signals (mirror, 0);
  insert (mirror, "b");
  assert_signals (mirror, 1);
  g_assert_true (base_object_list_lookup (mirror->list, "b") == mirror->items->pdata[2]);
  g_assert_cmpuint (mirror->n_notifies, ==, 4);
  assert_keys (mirror, "Babc");
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (mirror->list), 4));
}

static void
test_remove (void)
{
  g_autoptr(Mirror) mirror = mirror_new ();

  add_many (mirror, "abc");
  assert_signals (mirror, 1);
  g_assert_false (base_object_list_remove (mirror->list, "x"));
  assert_signals (mirror, 0);
  g_assert_true (base_object_list_remove (mirror->list, "b"));
  g_assert_false (base_object_list_remove (mirror->list, "b"));
  assert_signals (mirror, 1);
  g_assert_null (base_object_list_lookup (mirror->list, "b"));
  assert_keys (mirror, "ac");
}

static void
test_retain (void)
{
  g_autoptr(Mirror) mirror = mirror_new ();

  add_many (mirror, "abcdefghi");
  assert_signals (mirror, 1);
  retain (mirror, "abcdefghixyz");
  assert_signals (mirror, 0);
  retain (mirror, "cdg");
  assert_keys (mirror, "cdg");
  assert_signals (mirror, 3);
  retain (mirror, "");
  assert_keys (mirror, "");
  assert_signals (mirror, 1);
}

static void
test_clear (void)
{
  g_autoptr(Mirror) mirror = mirror_new ();

  base_object_list_clear (mirror->list);
  assert_signals (mirror, 0);
  add_many (mirror, "abc");
  base_object_list_clear (mirror->list);
  assert_signals (mirror, 2);
  assert_keys (mirror, "");
  insert (mirror, "a");
  assert_keys (mirror, "a");
}

static void
test_add_many (void)
{
  g_autoptr(Mirror) mirror = mirror_new ();
  g_autoptr(GHashTable) same = new_items ("");

  add_many (mirror, "");
  assert_signals (mirror, 0);
  add_many (mirror, "dbf");
  assert_signals (mirror, 1);
  assert_keys (mirror, "bdf");

  /* a | b | c | d | e | f: between, before, behind: nothing is next to anything else */
  add_many (mirror, "ace");
  assert_signals (mirror, 3);
  assert_keys (mirror, "abcdef");

  /* new and replaced neighbours together */
  base_object_list_remove (mirror->list, "c");
  base_object_list_remove (mirror->list, "e");
  assert_signals (mirror, 2);
  add_many (mirror, "bcdefgh");
  assert_signals (mirror, 1);
  assert_keys (mirror, "abcdefgh");

  g_hash_table_insert (same, g_strdup ("c"), g_object_ref (mirror->items->pdata[2]));
  base_object_list_add_many (mirror->list, same);
  assert_signals (mirror, 0);
}

static const char *
get_key (gpointer item)
{
  return TEST_ITEM (item)->key;
}

static void
add_sorted (Mirror     *mirror,
            const char *keys)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (; *keys != '\0'; keys++)
    {
      g_autofree char *key = g_strndup (keys, 1);

      g_ptr_array_add (items, test_item_new (key));
    }
  base_object_list_add_sorted (mirror->list, items, get_key);
}

static void
test_add_sorted (void)
{
  g_autoptr(Mirror) mirror = mirror_new ();

  add_sorted (mirror, "");
  assert_signals (mirror, 0);
  add_sorted (mirror, "cdf");
  assert_signals (mirror, 1);
  assert_keys (mirror, "cdf");

  /* before and between, instead of one, behind */
  add_sorted (mirror, "abefgh");
  assert_signals (mirror, 2);
  assert_keys (mirror, "abcdefgh");
}

/* Random operations, each compared with a plain sorted table of what should be there. */
static void
assert_like (Mirror     *mirror,
             GHashTable *expected)
{
  g_autofree const char **keys = (const char **) g_hash_table_get_keys_as_array (expected, NULL);
  const char             *previous = "";

  g_assert_cmpuint (mirror->items->len, ==, g_hash_table_size (expected));
  for (guint i = 0; keys[i] != NULL; i++)
    g_assert_true (base_object_list_lookup (mirror->list, keys[i]) ==
                   g_hash_table_lookup (expected, keys[i]));
  for (guint i = 0; i < mirror->items->len; i++)
    {
      TestItem *item = mirror->items->pdata[i];

      g_assert_cmpstr (item->key, >, previous);
      g_assert_true (g_hash_table_lookup (expected, item->key) == item);
      previous = item->key;
    }
}

static GHashTable *
random_items (GRand *rand)
{
  GHashTable *items = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  gint32      n = g_rand_int_range (rand, 0, 20);

  for (gint32 i = 0; i < n; i++)
    {
      char *key = g_strdup_printf ("%d", g_rand_int_range (rand, 0, 60));

      g_hash_table_replace (items, key, test_item_new (key));
    }
  return items;
}

static gboolean
is_not_in (gpointer key,
           gpointer value,
           gpointer user_data)
{
  return !g_hash_table_contains (user_data, key);
}

static void
copy_items (GHashTable *from,
            GHashTable *to)
{
  GHashTableIter iter;
  gpointer       key, item;

  g_hash_table_iter_init (&iter, from);
  while (g_hash_table_iter_next (&iter, &key, &item))
    g_hash_table_replace (to, g_strdup (key), g_object_ref (item));
}

static void
change (Mirror     *mirror,
        GHashTable *expected,
        GRand      *rand)
{
  g_autoptr(GHashTable) items = random_items (rand);
  g_autofree char *key = g_strdup_printf ("%d", g_rand_int_range (rand, 0, 60));
  g_autoptr(TestItem) item = test_item_new (key);

  switch (g_rand_int_range (rand, 0, 12))
    {
    case 0:
      base_object_list_clear (mirror->list);
      g_hash_table_remove_all (expected);
      break;
    case 1:
    case 2:
      copy_items (expected, items);
      g_hash_table_remove (items, key);
      base_object_list_retain (mirror->list, items);
      g_hash_table_foreach_remove (expected, is_not_in, items);
      break;
    case 3:
      base_object_list_retain (mirror->list, items);
      g_hash_table_foreach_remove (expected, is_not_in, items);
      break;
    case 4:
    case 5:
    case 6:
      base_object_list_add_many (mirror->list, items);
      copy_items (items, expected);
      break;
    case 7:
    case 8:
      g_assert_cmpint (base_object_list_remove (mirror->list, key), ==,
                       g_hash_table_remove (expected, key));
      break;
    default:
      base_object_list_insert (mirror->list, key, item);
      g_hash_table_replace (expected, g_steal_pointer (&key), g_object_ref (item));
      break;
    }
}

static void
test_random (void)
{
  g_autoptr(Mirror) mirror = mirror_new ();
  g_autoptr(GRand) rand = g_rand_new_with_seed (4711);
  g_autoptr(GHashTable) expected =
                 g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);

  for (guint i = 0; i < 4000; i++)
    {
      change (mirror, expected, rand);
      assert_like (mirror, expected);
    }
}

static void
test_item_lifetime (void)
{
  g_autoptr(BaseObjectList) list = base_object_list_new (G_TYPE_OBJECT);
  g_autoptr(TestItem) first = test_item_new ("a");
  g_autoptr(TestItem) second = test_item_new ("a");

  base_object_list_insert (list, "a", first);
  base_object_list_insert (list, "a", second);
  g_assert_finalize_object (g_steal_pointer (&first));
  base_object_list_remove (list, "a");
  g_assert_finalize_object (g_steal_pointer (&second));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/object-list/insert", test_insert);
  g_test_add_func ("/base/object-list/remove", test_remove);
  g_test_add_func ("/base/object-list/retain", test_retain);
  g_test_add_func ("/base/object-list/clear", test_clear);
  g_test_add_func ("/base/object-list/add-many", test_add_many);
  g_test_add_func ("/base/object-list/add-sorted", test_add_sorted);
  g_test_add_func ("/base/object-list/random", test_random);
  g_test_add_func ("/base/object-list/item-lifetime", test_item_lifetime);

  return g_test_run ();
}
