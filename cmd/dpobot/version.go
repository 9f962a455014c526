package main

import (
	"fmt"
	"runtime/debug"
)

type versionCmd struct{}

// Run prints the version of the build and of Go.
func (versionCmd) Run(e *env) error {
	info, _ := debug.ReadBuildInfo()
	_, err := fmt.Fprintf(e.stdout, "dpobot %s (%s)\n", version(), info.GoVersion)
	return err
}

// release is set by the linker for a release.
var release = ""

// version is that of the release, or of the commit that was built.
func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "development"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(12, len(s.Value))]
		}
	}
	return "development"
}
