package imaptest

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"text/template"
)

var dovecotConf = template.Must(template.New("dovecot.conf").Parse(`
base_dir = {{.Dir}}/run
state_dir = {{.Dir}}/state
log_path = {{.Dir}}/dovecot.log
protocols = imap{{if .LMTP}} lmtp{{end}}
listen = 127.0.0.1
default_internal_user = {{.Internal}}
default_login_user = {{.Login}}
default_internal_group = {{.InternalGroup}}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{{.Dir}}/mail/%u
mail_uid = {{.UID}}
mail_gid = {{.GID}}
ssl = yes
ssl_cert = <{{.Dir}}/cert.pem
ssl_key = <{{.Dir}}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_max_userip_connections = 100
imap_capability = +SPECIAL-USE
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    auto = create
    special_use = \Sent
  }
  mailbox Trash {
    auto = create
    special_use = \Trash
  }
}
passdb {
  driver = passwd-file
  args = scheme=plain username_format=%u {{.Dir}}/passwd
}
userdb {
  driver = static
  args = uid={{.UID}} gid={{.GID}} home={{.Dir}}/home/%u
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = {{.Port}}
  }
  inet_listener imaps {
    address = 127.0.0.1
    port = {{.TLSPort}}
    ssl = yes
  }
}
{{if .LMTP}}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = {{.LMTPPort}}
  }
}
protocol lmtp {
  auth_username_format = %u
  postmaster_address = postmaster@localhost
}
{{end}}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`))

// configure writes everything that the server reads.
func (d *Dovecot) configure() error {
	ports, err := freePorts(3)
	if err != nil {
		return err
	}
	owner, err := mailOwner()
	if err != nil {
		return err
	}
	host := func(i int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(ports[i])) }
	d.Addr, d.TLSAddr = host(0), host(1)
	if hasLMTP() {
		d.LMTPAddr = host(2)
	}
	d.CAFile = filepath.Join(d.Dir, "ca.pem")

	settings := map[string]any{
		"Dir": d.Dir, "Port": ports[0], "TLSPort": ports[1], "LMTPPort": ports[2], "LMTP": d.LMTPAddr != "",
		"UID": owner.uid, "GID": owner.gid,
		"Internal": owner.internal, "InternalGroup": owner.internalGroup, "Login": owner.login,
	}
	var conf bytes.Buffer
	if err := dovecotConf.Execute(&conf, settings); err != nil {
		return err
	}
	var passwd strings.Builder
	for name, password := range d.Users {
		fmt.Fprintf(&passwd, "%s:{PLAIN}%s\n", name, password)
	}
	files := map[string][]byte{
		"dovecot.conf": conf.Bytes(), "passwd": []byte(passwd.String()),
		"ca.pem": d.Authority.CA, "cert.pem": d.Authority.Cert, "key.pem": d.Authority.Key,
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(d.Dir, name), text, 0o644); err != nil {
			return err
		}
	}
	for _, name := range []string{"mail", "home", "run", "state"} {
		if err := os.Mkdir(filepath.Join(d.Dir, name), 0o755); err != nil {
			return err
		}
	}
	return owner.own(d.Dir, "mail", "home")
}

func hasLMTP() bool {
	_, err := os.Stat("/usr/lib/dovecot/lmtp")
	return err == nil
}

// owner is whom the parts of the server run as.
type owner struct {
	uid, gid                       int
	internal, internalGroup, login string
}

// mailOwner is "nobody" if we are root, since Dovecot gives mail to nobody else's root, and
// ourselves otherwise.
func mailOwner() (owner, error) {
	if os.Geteuid() == 0 {
		nobody, err := user.Lookup("nobody")
		if err != nil {
			return owner{}, err
		}
		uid, _ := strconv.Atoi(nobody.Uid)
		gid, _ := strconv.Atoi(nobody.Gid)
		return owner{uid, gid, "dovecot", "dovecot", "dovenull"}, nil
	}
	me, err := user.Current()
	if err != nil {
		return owner{}, err
	}
	group, err := user.LookupGroupId(me.Gid)
	if err != nil {
		return owner{}, err
	}
	uid, _ := strconv.Atoi(me.Uid)
	gid, _ := strconv.Atoi(me.Gid)
	return owner{uid, gid, me.Username, group.Name, me.Username}, nil
}

// own opens dir to the owner and gives the folders in it away.
func (o owner) own(dir string, folders ...string) error {
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range folders {
		if err := os.Chown(filepath.Join(dir, name), o.uid, o.gid); err != nil {
			return err
		}
	}
	return nil
}

// freePorts are free for now; whoever else asks next may get them, too.
func freePorts(n int) ([]int, error) {
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}
