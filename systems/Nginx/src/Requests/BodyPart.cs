using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>A part of a body that is there as a whole: bytes, or a range of a file.</summary>
/// <param name="File">Null for bytes.</param>
internal readonly record struct BodyPart(ReadOnlyMemory<byte> Bytes, OpenFile? File, long Offset, long Length)
{
    public static BodyPart Of(ReadOnlyMemory<byte> bytes) => new(bytes, null, 0, bytes.Length);

    public static BodyPart Of(OpenFile file, long offset, long length) => new(default, file, offset, length);

    /// <summary>Writes it as it is.</summary>
    public void GiveTo(HttpExchange exchange)
    {
        if (File is null)
            exchange.Write(Bytes.Span);
        else
            exchange.WriteFile(File, Offset, Length);
    }

    /// <summary>A range of it, from its own beginning.</summary>
    public BodyPart Slice(long offset, long length) => File is null
        ? Of(Bytes.Slice((int)offset, (int)length)) : Of(File, Offset + offset, length);
}
