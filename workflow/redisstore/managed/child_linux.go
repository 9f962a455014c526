package managed

import "syscall"

// childAttributes: the server ends with us, and a Ctrl-C at the terminal is ours alone.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM, Setpgid: true}
}
