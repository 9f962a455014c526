package config

import (
	"errors"
	"os"
	"reflect"
)

// secret decodes name_file or name.
func (d *decoder) secret(n *node, v reflect.Value, path string, t tag, meant map[string]bool) {
	file, text := n.get(t.name+"_file"), n.get(t.name)
	at := join(path, t.name)
	switch {
	case file != nil && text != nil:
		d.lines[at] = text.at
		d.fault(at, "stands here and in "+t.name+"_file", "keep "+t.name+"_file")
	case file != nil:
		d.secretFile(file, v, at+"_file")
	case text != nil:
		d.secretText(text, v, at, t)
	case meant[t.name] || meant[t.name+"_file"]:
		d.bad[at], d.bad[at+"_file"] = true, true
	case t.required:
		d.faultAt(n.at, at+"_file", "is missing", "write "+t.name+"_file: and the name of a file that holds it")
	}
}

func (d *decoder) secretFile(n *node, v reflect.Value, path string) {
	d.lines[path] = n.at
	name, ok := d.text(n, path)
	switch {
	case !ok:
		return
	case name == "":
		d.fault(path, "is empty", "write the name of a file")
		return
	}
	file := secretPath(d.dir, name)
	v.Set(reflect.ValueOf(fileSecret(file)))
	f, err := openSecret(file)
	if err == nil {
		f.Close()
		return
	}
	var p *problem
	if errors.As(err, &p) {
		d.fault(path, p.what, p.mend)
		return
	}
	d.fault(path, "cannot be read: "+err.Error(), "write the secret into "+file+" and chmod 600 it")
}

func (d *decoder) secretText(n *node, v reflect.Value, path string, t tag) {
	d.lines[path] = n.at
	raw, ok := d.rawText(n, path)
	if !ok {
		return
	}
	if t.open {
		d.dsn(raw, v, path)
		return
	}
	if name, isVar := variable(raw); !isVar {
		d.fault(path, "holds a secret in plain sight", "write it into a file (chmod 600) named by "+t.name+"_file, or write ${NAME} of an environment variable")
	} else if os.Getenv(name) == "" {
		d.fault(path, "the environment variable "+name+" is not set", "set "+name+" before dpobot starts, or use "+t.name+"_file")
	} else {
		s := textSecret(raw, asIs)
		s.source = "environment variable " + name
		v.Set(reflect.ValueOf(s))
	}
}
