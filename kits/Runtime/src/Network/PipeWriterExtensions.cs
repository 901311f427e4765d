using System.IO.Pipelines;

namespace Microcosm.Runtime;

/// <summary>Writes of whole messages.</summary>
internal static class PipeWriterExtensions
{
    // A pipe's own segments are of 4 KiB, and each is carried and shown alone.
    private const int SegmentBytesMax = 64 * 1024;

    /// <summary>Writes and flushes, in segments as large as what is written, up to 64 KiB.</summary>
    public static ValueTask<FlushResult> WriteWholeAsync(
        this PipeWriter writer, ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        for (var rest = bytes.Span; rest.Length > 0;)
        {
            var room = writer.GetSpan(Math.Min(rest.Length, SegmentBytesMax));
            var count = Math.Min(room.Length, rest.Length);
            rest[..count].CopyTo(room);
            writer.Advance(count);
            rest = rest[count..];
        }
        return writer.FlushAsync(cancellation);
    }
}
