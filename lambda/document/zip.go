package document

import (
	"errors"
	"io"
	"math"

	"github.com/klauspost/compress/zip"

	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// zip opens a zip file, and its member if it has one only. The directory lies at the end of it, so what cannot be read at random goes
// to a temporary file first.
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
	directory, err := zip.NewReader(at, size)
	if err != nil {
		return nil, nil, err
	}
	u.archive, err = newArchive(directory, size, u.limits)
	if err != nil {
		return nil, nil, err
	}
	u.archive.u = u
	at.read, at.most = 0, math.MaxInt // members may not exceed the sizes in the directory, which are checked
	if len(u.archive.files) > 1 {
		return manyMembers{}, func() int64 { return size }, nil
	}
	member, err := u.archive.files[0].Open()
	if err != nil {
		return nil, nil, err
	}
	u.closers = append(u.closers, member.Close)
	return member, func() int64 { return at.read }, nil
}

// manyMembers is the text of a file that has several.
type manyMembers struct{}

func (manyMembers) Read([]byte) (int, error) { return 0, ErrManyMembers }

// countedAt bounds what is read of a zip file's directory, and counts.
type countedAt struct {
	r    io.ReaderAt
	read int64
	most int
}

func (c *countedAt) ReadAt(p []byte, offset int64) (int, error) {
	n, err := c.r.ReadAt(p, offset)
	c.read += int64(n)
	if c.read > int64(c.most) {
		return 0, errors.Join(&LimitError{What: limit.Directory, Limit: c.most}, err)
	}
	return n, err
}
