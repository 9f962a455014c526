package reading

import "strings"

// quoteMark reports what the attributes of an HTML element say about whose words it
// holds. Mail programs do not agree on one mark; these are theirs.
func quoteMark(tag string, attributes map[string]string) lineKind {
	if tag == "blockquote" {
		return lineQuoted
	}
	for _, mark := range []string{attributes["id"], attributes["class"]} {
		for _, name := range strings.Fields(strings.ToLower(mark)) {
			if kind, ok := markOf(name); ok {
				return kind
			}
		}
	}
	if attributes["data-smartmail"] == "gmail_signature" {
		return lineSignature
	}
	if isOutlookRule(attributes["style"]) {
		return lineCut
	}
	if tag == "div" && isQuoteBar(attributes["style"]) {
		return lineQuoted
	}
	return lineOwn
}

func markOf(name string) (lineKind, bool) {
	for strings.HasPrefix(name, "x_") { // Outlook renames what it quotes
		name = name[2:]
	}
	switch name {
	case "divrplyfwdmsg", "appendonsend", "olk_src_body_section", "outlookmessageheader", "mail-editor-reference-message-container", "replysplit", "reply-separator", "zwchr", "originalmsg":
		return lineCut, true
	case "gmail_attr", "moz-cite-prefix", "gmail_quote_attribution", "aol_ad_footer", "tutanota_quote_header":
		return lineAttribution, true
	case "gmail_quote", "gmail_quote_container", "protonmail_quote", "tutanota_quote", "zmail_extra", "yahoo_quoted", "gwquote", "moz-forward-container", "mailmsgquote", "freebirdfxquote", "mb_quote", "spark_quote", "front-blockquote", "quoted-message", "mailquote", "bloop_markdown_quote":
		return lineQuoted, true
	case "gmail_signature", "gmail_signature_prefix", "moz-signature", "signature", "ms-outlook-mobile-signature", "protonmail_signature_block", "applemailsignature", "bloop_sign", "x_signature", "yahoo-signature", "divtagdefaultsignature":
		return lineSignature, true
	}
	if strings.HasSuffix(name, "yahoo_quoted") {
		return lineQuoted, true
	}
	return lineOwn, false
}

// isQuoteBar tells the line down the left side of what is quoted.
func isQuoteBar(style string) bool {
	style = strings.ToLower(style)
	bar := strings.Index(style, "border-left")
	return bar >= 0 && strings.Contains(style[bar:], "solid") && !strings.Contains(style[bar:min(len(style), bar+20)], "none")
}

// isOutlookRule tells the thin line that Outlook draws above the header of what it quotes.
func isOutlookRule(style string) bool {
	if !strings.Contains(style, "border") {
		return false
	}
	style = strings.ToLower(strings.ReplaceAll(style, " ", ""))
	return strings.Contains(style, "border:none;border-top:solid") || strings.Contains(style, "border-top:solid#e1e1e1") ||
		strings.Contains(style, "border-top:solid#b5c4df") || strings.Contains(style, "border-top:1ptsolid") && strings.Contains(style, "border:none") ||
		strings.Contains(style, "border-top-color:rgb(181,196,223)")
}
