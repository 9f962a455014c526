package reading

// commandProblem says why the first line must not be read as a command.
func commandProblem(root *entity, b body, text visible, m Mail) string {
	switch {
	case root.is("message/partial"), root.is("message/external-body"):
		return CommandPartial
	case root.is("message/"):
		return CommandForwarded
	case b.utf7:
		return CommandCharset
	case b.unknown:
		return CommandEncoding
	case b.html && b.hidden:
		return CommandHiddenText
	case b.lateStart:
		return CommandNotFirstPart
	}
	return ""
}
