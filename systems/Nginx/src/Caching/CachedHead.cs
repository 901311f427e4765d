using System.Buffers;
using System.Buffers.Binary;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// What stands before the body in a cached response's file: an opening of fixed size with the times, which may change in place, then
/// lengths and texts. Little-endian: magic and version (8 bytes), valid until, updating, error, date, last modified (8 each), length of
/// what follows (4); then key, vary, variant, etag, status line and fields.
/// </summary>
internal sealed class CachedHead
{
    public const int OpeningBytes = 52;

    private const long Magic = 0x3178_6e67_6d63_6f63;
    private const int TextsBytesMax = 1 << 20;

    /// <summary>Until when it is fresh, in seconds since 1970.</summary>
    public long ValidUntil { get; set; }

    public long UpdatingSeconds { get; set; }

    public long ErrorSeconds { get; set; }

    /// <summary>When it was asked for last.</summary>
    public long Date { get; set; }

    /// <summary>-1 for none.</summary>
    public long LastModified { get; init; } = -1;

    public byte[] Key { get; init; } = [];

    public byte[] Vary { get; init; } = [];

    /// <summary>The key of the requests that it is for; that of <see cref="Key"/> without Vary.</summary>
    public CacheKey Variant { get; init; }

    public byte[] ETag { get; init; } = [];

    public int Status { get; init; }

    /// <summary>Code and words.</summary>
    public byte[] StatusLine { get; init; } = [];

    /// <summary>All fields as the server sent them.</summary>
    public HeaderList Headers { get; init; } = new();

    /// <summary>Where the body begins.</summary>
    public long BodyStart { get; private set; }

    /// <summary>The whole head.</summary>
    public byte[] Write()
    {
        var texts = new ArrayBufferWriter<byte>(1024);
        Put(texts, Key);
        Put(texts, Vary);
        BinaryPrimitives.WriteUInt128LittleEndian(texts.GetSpan(16), Variant.Value);
        texts.Advance(16);
        Put(texts, ETag);
        BinaryPrimitives.WriteInt32LittleEndian(texts.GetSpan(4), Status);
        texts.Advance(4);
        Put(texts, StatusLine);
        for (var i = 0; i < Headers.Count; i++)
        {
            Put(texts, Headers[i].Name);
            Put(texts, Headers[i].Value);
        }
        var head = new byte[OpeningBytes + texts.WrittenCount];
        WriteOpening(head, texts.WrittenCount);
        texts.WrittenSpan.CopyTo(head.AsSpan(OpeningBytes));
        BodyStart = head.Length;
        return head;
    }

    /// <summary>The opening alone, with the times of now.</summary>
    public byte[] WriteOpening()
    {
        var opening = new byte[OpeningBytes];
        WriteOpening(opening, (int)(BodyStart - OpeningBytes));
        return opening;
    }

    /// <summary>Reads it from a file; null for one that is none, or of another version, or cut.</summary>
    public static CachedHead? Read(OpenFile file)
    {
        Span<byte> opening = stackalloc byte[OpeningBytes];
        if (file.Read(0, opening) < OpeningBytes || BinaryPrimitives.ReadInt64LittleEndian(opening) != Magic)
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(opening[48..]);
        if (length is < 0 or > TextsBytesMax)
            return null;
        var texts = new byte[length];
        if (file.Read(OpeningBytes, texts) < length)
            return null;
        var reader = new Reader(texts);
        var head = new CachedHead
        {
            ValidUntil = BinaryPrimitives.ReadInt64LittleEndian(opening[8..]),
            UpdatingSeconds = BinaryPrimitives.ReadInt64LittleEndian(opening[16..]),
            ErrorSeconds = BinaryPrimitives.ReadInt64LittleEndian(opening[24..]),
            Date = BinaryPrimitives.ReadInt64LittleEndian(opening[32..]),
            LastModified = BinaryPrimitives.ReadInt64LittleEndian(opening[40..]),
            Key = reader.Text().ToArray(),
            Vary = reader.Text().ToArray(),
            Variant = new CacheKey(BinaryPrimitives.ReadUInt128LittleEndian(reader.Bytes(16))),
            ETag = reader.Text().ToArray(),
            Status = BinaryPrimitives.ReadInt32LittleEndian(reader.Bytes(4)),
            StatusLine = reader.Text().ToArray(),
            BodyStart = OpeningBytes + length,
        };
        while (!reader.IsAtEnd)
        {
            var name = reader.Text();
            head.Headers.Add(name, reader.Text());
        }
        return reader.IsCut ? null : head;
    }

    private void WriteOpening(Span<byte> head, int textsLength)
    {
        BinaryPrimitives.WriteInt64LittleEndian(head, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], ValidUntil);
        BinaryPrimitives.WriteInt64LittleEndian(head[16..], UpdatingSeconds);
        BinaryPrimitives.WriteInt64LittleEndian(head[24..], ErrorSeconds);
        BinaryPrimitives.WriteInt64LittleEndian(head[32..], Date);
        BinaryPrimitives.WriteInt64LittleEndian(head[40..], LastModified);
        BinaryPrimitives.WriteInt32LittleEndian(head[48..], textsLength);
    }

    private static void Put(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(4), text.Length);
        output.Advance(4);
        output.Write(text);
    }

    // Gives empty texts once it is cut.
    private ref struct Reader(ReadOnlySpan<byte> rest)
    {
        private static readonly byte[] Nothing = new byte[16];

        private ReadOnlySpan<byte> _rest = rest;

        public bool IsCut { get; private set; }

        public readonly bool IsAtEnd => _rest.IsEmpty || IsCut;

        public ReadOnlySpan<byte> Bytes(int count)
        {
            if (count < 0 || _rest.Length < count)
            {
                IsCut = true;
                return Nothing.AsSpan(0, Math.Clamp(count, 0, 16));
            }
            var bytes = _rest[..count];
            _rest = _rest[count..];
            return bytes;
        }

        public ReadOnlySpan<byte> Text()
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(Bytes(4));
            return IsCut ? default : Bytes(length);
        }
    }
}
