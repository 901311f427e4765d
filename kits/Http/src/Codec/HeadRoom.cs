namespace Microcosm.Http;

/// <summary>The buffers of <see cref="HeadLimits"/> as lines fill them. A struct that changes.</summary>
internal struct HeadRoom(HeadLimits limits)
{
    private int _size = limits.FirstBytes;
    private int _used;
    private int _largeUsed;

    /// <summary>Takes a whole line of so many bytes; false where it does not fit.</summary>
    public bool Take(int bytes)
    {
        if (_used + bytes > _size && (bytes > limits.LargeBytes || !NextBuffer()))
            return false;
        _used += bytes;
        return true;
    }

    /// <summary>True where a line of which so many bytes came, and not its end, may still fit.</summary>
    public bool MayFit(int bytes)
    {
        if (_used + bytes < _size)
            return true;
        // The buffer is full, and the line moves to the next one.
        return bytes < limits.LargeBytes && (_largeUsed < limits.LargeCount);
    }

    private bool NextBuffer()
    {
        if (_largeUsed == limits.LargeCount)
            return false;
        _largeUsed++;
        (_size, _used) = (limits.LargeBytes, 0);
        return true;
    }
}
