// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"flag"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var (
	registryPath = regexp.MustCompile(`^/v2/([a-z0-9][a-z0-9/._-]*)/(manifests|blobs)/([A-Za-z0-9._:-]+)$`)
	digest       = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
)

// registry serves images read-only from a folder: blobs/sha256/HEX, and manifests/NAME/TAG, which holds a digest.
func registry() {
	root := flag.String("root", "", "folder of the images")
	listen := flag.String("listen", "127.0.0.1:15000", "address")
	flag.Parse()
	http.HandleFunc("/v2/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v2/" {
			return
		}
		m := registryPath.FindStringSubmatch(r.URL.Path)
		if m == nil || strings.Contains(m[1], "..") {
			unknown(w, "NAME_UNKNOWN")
			return
		}
		ref := m[3]
		if m[2] == "manifests" && !strings.Contains(ref, ":") {
			b, err := os.ReadFile(filepath.Join(*root, "manifests", m[1], ref))
			if err != nil {
				unknown(w, "MANIFEST_UNKNOWN")
				return
			}
			ref = strings.TrimSpace(string(b))
		}
		if !digest.MatchString(ref) {
			unknown(w, "DIGEST_INVALID")
			return
		}
		f, err := os.Open(filepath.Join(*root, "blobs", strings.Replace(ref, ":", "/", 1)))
		if err != nil {
			unknown(w, "BLOB_UNKNOWN")
			return
		}
		defer f.Close()
		st, err := f.Stat()
		if err != nil {
			unknown(w, "BLOB_UNKNOWN")
			return
		}
		kind := "application/octet-stream"
		if m[2] == "manifests" {
			kind = "application/vnd.oci.image.manifest.v1+json"
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Docker-Content-Digest", ref)
		http.ServeContent(w, r, "", st.ModTime(), f)
	})
	log.Fatal(http.ListenAndServe(*listen, nil))
}

func unknown(w http.ResponseWriter, code string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write([]byte(`{"errors":[{"code":"` + code + `","message":"not among the test images"}]}`))
}
