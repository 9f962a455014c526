package config

import (
	"crypto/x509"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// resolve makes a path absolute, from the folder of the configuration.
func (d *decoder) resolve(name string) File {
	if filepath.IsAbs(name) {
		return File(filepath.Clean(name))
	}
	return File(filepath.Join(d.dir, name))
}

// file decodes the path of a file and looks whether it is there where it has to be.
func (d *decoder) file(n *node, f *File, path string, t tag) {
	name, ok := d.text(n, path)
	switch {
	case !ok:
		return
	case name == "":
		d.fault(path, "is empty", "write the name of a file, or remove the key")
		return
	case strings.ContainsRune(name, 0):
		d.fault(path, "is no name of a file", "write the name of a file")
		return
	}
	if *f = d.resolve(name); t.credential {
		*f = File(secretPath(d.dir, name))
	}
	if !t.exists && !t.folder {
		return
	}
	info, err := os.Stat(string(*f))
	switch {
	case err != nil:
		d.fault(path, "cannot be found: "+cause(err), "name an existing file; a relative name starts in the folder of this file")
	case t.folder && !info.IsDir():
		d.fault(path, "is a file, where a folder is wanted", "name the folder")
	case t.exists && !info.Mode().IsRegular():
		d.fault(path, "is a folder or a device, where a file is wanted", "name a file")
	}
}

// certificates looks whether the file holds certificates at all.
func (k *checker) certificates(path string, file File) {
	if file == "" || k.bad[path] {
		return
	}
	f, err := os.Open(string(file))
	var pem []byte
	if err == nil {
		defer f.Close()
		pem, err = io.ReadAll(io.LimitReader(f, 4<<20)) // a system's whole store is under 1 MB
	}
	if err != nil {
		k.fault(path, "cannot be read: "+cause(err), "let the account that runs dpobot read it")
		return
	}
	if !x509.NewCertPool().AppendCertsFromPEM(pem) {
		k.fault(path, "holds no certificate", "name a PEM file with -----BEGIN CERTIFICATE----- in it")
	}
}
