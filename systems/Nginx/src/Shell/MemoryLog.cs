namespace Microcosm.Nginx;

/// <summary>The last bytes of an error log, in memory for who looks with a debugger: a ring. Thread-safe.</summary>
internal sealed class MemoryLog(long bytes)
{
    private readonly Lock _gate = new();
    private readonly byte[] _ring = new byte[bytes];
    private long _written;

    public void Write(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            foreach (var b in line)
                _ring[_written++ % _ring.Length] = b;
        }
    }

    /// <summary>What is there, the oldest byte first.</summary>
    public byte[] Read()
    {
        lock (_gate)
        {
            var at = (int)(_written % _ring.Length);
            return _written <= _ring.Length ? _ring[..(int)_written] : [.. _ring.AsSpan(at), .. _ring.AsSpan(0, at)];
        }
    }
}
