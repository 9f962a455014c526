package main

import (
	"fmt"
	"os"
	"strings"
)

// peak is the most memory that a process has had resident, in bytes; 0 where the system
// does not tell (proc_pid_status(5), VmHWM).
func peak(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		var kb int64
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kb); n == 1 {
			return kb << 10
		}
	}
	return 0
}

// peakOfChildren is the same over the children of a process.
func peakOfChildren(pid int) int64 {
	threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return 0
	}
	var sum int64
	for _, thread := range threads {
		list, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", pid, thread.Name()))
		if err != nil {
			continue
		}
		for _, name := range strings.Fields(string(list)) {
			var child int
			if n, _ := fmt.Sscan(name, &child); n == 1 {
				sum += peak(child)
			}
		}
	}
	return sum
}
