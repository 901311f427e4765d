using System.Buffers;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Parts of a body that wait for the client, in order.</summary>
internal sealed class PartQueue
{
    private const int StepBytes = 32 * 1024;

    private readonly Queue<BodyPart> _parts = new(4);
    private long _taken;

    public bool IsEmpty => _parts.Count == 0;

    public void Add(BodyPart part) => _parts.Enqueue(part);

    /// <summary>Gives back what waits.</summary>
    public void Clear()
    {
        Release(_parts);
        _parts.Clear();
    }

    public static void Release(IEnumerable<BodyPart> parts)
    {
        foreach (var part in parts)
            part.File?.Release();
    }

    /// <summary>Gives the first part, or a piece of it where filters want a file's bytes. Returns how many of these were read; -1 where the
    /// file is shorter than it was when the head was made.</summary>
    public int Give(HttpExchange exchange, BodyFilter? filters)
    {
        var part = _parts.Peek();
        if (part.File is { } file && filters is { TakesFiles: false })
            return Step(file, part, filters);
        _parts.Dequeue();
        if (filters is null)
            part.GiveTo(exchange);
        else if (part.File is null)
            filters.Write(part.Bytes.Span);
        else
            filters.WriteFile(part.File, part.Offset, part.Length);
        return 0;
    }

    public static void Write(HttpExchange exchange, BodyFilter? filters, ReadOnlySpan<byte> bytes)
    {
        if (filters is null)
            exchange.Write(bytes);
        else
            filters.Write(bytes);
    }

    private int Step(OpenFile file, BodyPart part, BodyFilter filters)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(StepBytes);
        var read = 0;
        try
        {
            read = file.Read(part.Offset + _taken, buffer.AsSpan(0, (int)Math.Min(buffer.Length, part.Length - _taken)));
        }
        catch (IOException)
        {
            // As good as none.
        }
        if (read > 0)
        {
            _taken += read;
            var isWhole = _taken == part.Length;
            if (isWhole)
            {
                _parts.Dequeue();
                _taken = 0;
            }
            filters.Write(buffer.AsSpan(0, read));
            if (isWhole)
                file.Release();
        }
        ArrayPool<byte>.Shared.Return(buffer);
        return read > 0 ? read : -1;
    }
}
