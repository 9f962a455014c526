package config

import (
	"os"
	"strings"
)

// expand replaces ${NAME} by the environment variable; $${ stands for ${.
func expand(text string) (string, *problem) {
	var b strings.Builder
	for {
		i := strings.Index(text, "${")
		if i < 0 {
			return b.String() + text, nil
		}
		if i > 0 && text[i-1] == '$' {
			b.WriteString(text[:i-1] + "${")
			text = text[i+2:]
			continue
		}
		end := strings.IndexByte(text[i:], '}')
		if end < 0 || !isVariable(text[i+2:i+end]) {
			return "", &problem{"has a ${ that is not the name of an environment variable", "write ${NAME}; for the characters themselves write $${"}
		}
		name := text[i+2 : i+end]
		value, ok := os.LookupEnv(name)
		if !ok {
			return "", &problem{"the environment variable " + name + " is not set", "set " + name + " before dpobot starts (in a systemd unit: EnvironmentFile=)"}
		}
		b.WriteString(text[:i] + value)
		text = text[i+end+1:]
	}
}

func isVariable(name string) bool {
	for i, r := range name {
		letter := r == '_' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}

// variable is the NAME of a text that is ${NAME} and nothing else.
func variable(text string) (string, bool) {
	name, ok := strings.CutPrefix(text, "${")
	if !ok {
		return "", false
	}
	name, ok = strings.CutSuffix(name, "}")
	return name, ok && isVariable(name)
}
