//go:build !linux

package managed

import "syscall"

// childAttributes: a Ctrl-C at the terminal is ours alone. Where the kernel cannot end a
// child with its parent, the next process on the directory uses the server that is left.
func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
