namespace Microcosm.Nginx;

/// <summary>
/// Where a compressor writes to, and a decompressor reads from: what it reads is what it was given, and then nothing for now; what it
/// writes is held until it is worth a piece, or <see cref="Emit"/>.
/// </summary>
internal sealed class FilterStream(BodyFilter filter) : Stream
{
    private const int PieceBytes = 8 * 1024;

    private readonly byte[] _output = new byte[PieceBytes];
    private int _held;
    private byte[] _input = [];
    private int _start;
    private int _end;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Bytes that were written so far.</summary>
    public long Written { get; private set; }

    /// <summary>Gives bytes to be read.</summary>
    public void Give(ReadOnlySpan<byte> bytes)
    {
        if (_input.Length < bytes.Length)
            _input = new byte[bytes.Length];
        bytes.CopyTo(_input);
        (_start, _end) = (0, bytes.Length);
    }

    public override int Read(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _end - _start);
        _input.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Written += buffer.Length;
        if (buffer.Length > _output.Length - _held)
            Emit();
        if (buffer.Length > _output.Length)
        {
            filter.Next.Write(buffer);
            return;
        }
        buffer.CopyTo(_output.AsSpan(_held));
        _held += buffer.Length;
    }

    /// <summary>Gives on what is held.</summary>
    public void Emit()
    {
        if (_held == 0)
            return;
        var held = _held;
        _held = 0;
        filter.Next.Write(_output.AsSpan(0, held));
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
