package document

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/klauspost/compress/zip"

	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// Archive is the members of a zip file, in the order of its directory, without folders and what an operating system adds. It can be
// used until its Document is closed.
type Archive struct {
	files []*zip.File
	names []string
	u     *unpacker
}

// Members returns the members' names, with slashes between folders.
func (a *Archive) Members() []string { return a.names }

// Open begins to read a member, decoded to UTF-8; it can be opened more than once. One that is compressed or an archive itself is
// refused.
func (a *Archive) Open(member int) (io.ReadCloser, error) {
	file, err := a.files[member].Open()
	if err != nil {
		return nil, a.named(member, a.u.broken("zip", err))
	}
	r := &memberReader{a: a, member: member, file: file}
	r.text, err = a.text(member, file)
	if err != nil {
		_ = file.Close() // the error is known
		return nil, a.named(member, err)
	}
	return r, nil
}

func (a *Archive) text(member int, file io.Reader) (io.Reader, error) {
	taken := func() int64 { return int64(a.files[member].CompressedSize64) } //nolint:gosec // checked by newArchive
	most := min(a.files[member].UncompressedSize64+1, bufferSize)            // many members are small; one that is larger than it says is broken
	r := bufio.NewReaderSize(&layer{r: file, kind: "zip", u: a.u, taken: taken}, max(int(most), encodingHead))
	kind, err := a.u.kind(r)
	if err != nil {
		return nil, err
	}
	if kind != "" {
		return nil, fmt.Errorf("%w (%s)", ErrNested, kind)
	}
	text, _, err := decode(r, &a.u.controls)
	return text, err
}

func (a *Archive) named(member int, err error) error {
	if err == nil || atEnd(err) {
		return err
	}
	return fmt.Errorf("member %.200q: %w", a.names[member], err)
}

// memberReader reads one member.
type memberReader struct {
	a      *Archive
	member int
	file   io.Closer
	text   io.Reader
}

func (m *memberReader) Read(p []byte) (int, error) {
	n, err := m.text.Read(p)
	return n, m.a.named(m.member, err)
}

func (m *memberReader) Close() error { return m.file.Close() }

// newArchive lists what a zip file has, and checks what its directory promises, to which the members are held when they are read.
func newArchive(archive *zip.Reader, size int64, l Limits) (*Archive, error) {
	const encrypted = 0x1
	a := &Archive{}
	var packed, expanded uint64
	for i, file := range archive.File {
		name := strings.ReplaceAll(strings.ToValidUTF8(file.Name, "�"), `\`, "/")
		for strings.HasPrefix(name, "./") || strings.HasPrefix(name, "/") {
			name = strings.TrimLeft(strings.TrimPrefix(name, "."), "/")
		}
		switch {
		case hidden(name) || strings.HasSuffix(name, "/") || file.FileInfo().IsDir():
			continue
		case file.Flags&encrypted != 0:
			return nil, fmt.Errorf("member %d: %w", i+1, ErrEncrypted)
		case len(a.files) == l.Members:
			return nil, &LimitError{What: limit.Members, Limit: l.Members}
		case file.CompressedSize64 > uint64(size)-packed: //nolint:gosec // a size is not negative
			return nil, fmt.Errorf("%w: members of the zip file lie in each other", ErrCorrupt)
		case file.UncompressedSize64 > uint64(l.Expanded)-expanded: //nolint:gosec // a limit is not negative
			return nil, &LimitError{What: limit.Expanded, Limit: l.Expanded}
		}
		packed, expanded = packed+file.CompressedSize64, expanded+file.UncompressedSize64
		a.files, a.names = append(a.files, file), append(a.names, name)
	}
	switch {
	case len(a.files) == 0:
		return nil, ErrNoMembers
	case expanded > uint64(l.RatioFrom) && expanded/uint64(l.Ratio) > packed: //nolint:gosec // limits are not negative
		return nil, &LimitError{What: limit.Ratio, Limit: l.Ratio}
	}
	return a, nil
}

// hidden reports whether a member is what an operating system adds to folders.
func hidden(name string) bool {
	return slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool {
		return strings.HasPrefix(part, ".") || strings.EqualFold(part, "__MACOSX") || strings.EqualFold(part, "Thumbs.db") || strings.EqualFold(part, "desktop.ini")
	})
}
