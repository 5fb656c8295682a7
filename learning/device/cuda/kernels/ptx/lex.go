package ptx

import "fmt"

// token is a word, a number or a mark of PTX. Words hold the dots and signs that
// belong to names: ld.param.u64, %tid.x, $L__BB0_1.
type token struct {
	text string
	line int
}

// lexer cuts PTX into tokens.
type lexer struct {
	text string
	at   int
	line int
}

func wordy(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '$' || c == '%' || c == '.'
}

// next is the next token; an empty text is the end.
func (l *lexer) next() (token, error) {
	if err := l.skip(); err != nil || l.at == len(l.text) {
		return token{line: l.line}, err
	}
	from, c := l.at, l.text[l.at]
	l.at++
	switch {
	case wordy(c):
		for l.at < len(l.text) && wordy(l.text[l.at]) {
			l.at++
		}
	case c == '"':
		for l.at < len(l.text) && l.text[l.at] != '"' && l.text[l.at] != '\n' {
			l.at++
		}
		if l.at == len(l.text) || l.text[l.at] != '"' {
			return token{}, fmt.Errorf("line %d: a string without an end", l.line)
		}
		l.at++
	case c < ' ' || c > '~':
		return token{}, fmt.Errorf("line %d: the character %q", l.line, c)
	}
	return token{l.text[from:l.at], l.line}, nil
}

// skip passes over blanks and comments.
func (l *lexer) skip() error {
	for l.at < len(l.text) {
		switch c := l.text[l.at]; {
		case c == '\n':
			l.line++
			l.at++
		case c == ' ' || c == '\t' || c == '\r':
			l.at++
		case c == '/' && l.at+1 < len(l.text) && l.text[l.at+1] == '/':
			for l.at < len(l.text) && l.text[l.at] != '\n' {
				l.at++
			}
		case c == '/' && l.at+1 < len(l.text) && l.text[l.at+1] == '*':
			return fmt.Errorf("line %d: a comment of the form /* */ is not supported", l.line)
		default:
			return nil
		}
	}
	return nil
}

// lex cuts a whole text.
func lex(text string) ([]token, error) {
	l := lexer{text: text, line: 1}
	all := make([]token, 0, len(text)/6)
	for {
		t, err := l.next()
		if err != nil {
			return nil, err
		}
		all = append(all, t)
		if t.text == "" {
			return all, nil
		}
	}
}
