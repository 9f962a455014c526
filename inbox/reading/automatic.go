package reading

// readMarks tells machines' mail from people's.
func (m *Mail) readMarks(root *entity, b body) {
}
