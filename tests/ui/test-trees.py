# SPDX-License-Identifier: GPL-3.0-or-later
"""data/ui mirrors src/ui: each template beside the path of the code that uses it, and in the bundle."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
templates = sorted(p.relative_to(root / 'data/ui') for p in (root / 'data/ui').rglob('*.ui'))
bundle = set(re.findall(r'>([^<>]+\.ui)</file>', (root / 'data/ui/ui.gresource.xml').read_text()))
potfiles = set((root / 'po/POTFILES.in').read_text().split())
sources = sorted(p for p in (root / 'src/ui').rglob('*.c'))
failed = 0
number = 0


def check(good, what):
    global failed, number
    number += 1
    failed += not good
    print('%s %d - %s' % ('ok' if good else 'not ok', number, what))


check(len(templates) > 0, 'there are templates')
for path in templates:
    check((root / 'src/ui' / path).with_suffix('.c').exists(), 'src/ui has the code of %s' % path)
    check(str(path) in bundle, 'the bundle has %s' % path)
    check('data/ui/%s' % path in potfiles, 'translators see %s' % path)
for name in sorted(bundle):
    check((root / 'data/ui' / name).exists(), 'the bundled %s exists' % name)
for path in sources:
    if re.search(r'\b(_|N_|C_|ngettext) \(', path.read_text()):
        name = str(path.relative_to(root))
        check(name in potfiles, 'translators see %s' % name)
print('1..%d' % number)
sys.exit(1 if failed else 0)
