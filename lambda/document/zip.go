package document

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/zip"
)

// zip opens the one member of a zip file. The directory lies at the end of it, so what cannot be read at random goes to
// a temporary file first.
func (u *unpacker) zip(r io.Reader, access io.ReaderAt) (io.Reader, func() int64, error) {
	size := u.raw.size
	if access == nil || size < 0 {
		spooled, err := spool(r, u.limits.Expanded)
		if err != nil {
			return nil, nil, err
		}
		u.closers = append(u.closers, spooled.remove)
		access, size = spooled.file, spooled.size
	} else if _, err := io.Copy(io.Discard, r); err != nil { // it is hashed, and found whole
		return nil, nil, err
	}
	at := &countedAt{r: access, most: u.limits.Directory}
	archive, err := zip.NewReader(at, size)
	if err != nil {
		return nil, nil, err
	}
	file, err := onlyMember(archive)
	if err != nil {
		return nil, nil, err
	}
	at.read, at.most = 0, size+bufferSize
	member, err := file.Open()
	if err != nil {
		return nil, nil, err
	}
	u.closers = append(u.closers, member.Close)
	return member, func() int64 { return at.read }, nil
}

// onlyMember gives the file's one member that is neither a directory nor something that an operating system adds.
func onlyMember(archive *zip.Reader) (*zip.File, error) {
	const encrypted = 0x1
	var only *zip.File
	for _, file := range archive.File {
		if hidden(file.Name) || file.FileInfo().IsDir() {
			continue
		}
		if only != nil {
			return nil, ErrManyMembers
		}
		only = file
	}
	switch {
	case only == nil:
		return nil, ErrNoMembers
	case only.Flags&encrypted != 0:
		return nil, fmt.Errorf("%w: the zip file's member is encrypted", ErrCorrupt)
	}
	return only, nil
}

func hidden(name string) bool {
	for part := range strings.SplitSeq(strings.ReplaceAll(name, `\`, "/"), "/") {
		if strings.HasPrefix(part, ".") || part == "__MACOSX" {
			return true
		}
	}
	return false
}

// countedAt bounds what is read of a zip file: first of its directory, then of its member.
type countedAt struct {
	r          io.ReaderAt
	read, most int64
}

func (c *countedAt) ReadAt(p []byte, offset int64) (int, error) {
	n, err := c.r.ReadAt(p, offset)
	c.read += int64(n)
	if c.read > c.most {
		return 0, errors.Join(&LimitError{What: "bytes of a zip file's directory", Limit: c.most}, err)
	}
	return n, err
}
