namespace Microcosm.Redis;

/// <summary>The optional <c>start end [BYTE|BIT]</c> of BITCOUNT and BITPOS.</summary>
internal struct BitRange
{
    private long _start;
    private long _end;
    private bool _inBits;
    private bool _isGiven;

    /// <summary>True if an end was given.</summary>
    public bool HasEnd { get; private set; }

    public bool TryParse(ref RedisCall call, int at, bool endOptional)
    {
        _end = -1;
        var left = call.Count - at;
        if (left == 0)
            return true;
        if (left > 3 || (left == 1 && !endOptional))
        {
            call.SyntaxError();
            return false;
        }
        _isGiven = true;
        if (!call.TryInteger(at, out _start))
            return false;
        if (left >= 2)
        {
            HasEnd = true;
            if (!call.TryInteger(at + 1, out _end))
                return false;
        }
        if (left == 3)
        {
            _inBits = call.Is(at + 2, "BIT"u8);
            if (!_inBits && !call.Is(at + 2, "BYTE"u8))
            {
                call.SyntaxError();
                return false;
            }
        }
        return true;
    }

    /// <summary>Bit positions for a string of so many bytes, both included; false when the range is empty.</summary>
    public readonly bool TryResolve(int bytes, out long start, out long end)
    {
        var length = _inBits ? (long)bytes * 8 : bytes;
        start = _isGiven ? _start : 0;
        end = _end;
        if (start < 0 && end < 0 && start > end && _isGiven)
            return false;
        start = Math.Max(0, start < 0 ? start + length : start);
        end = Math.Min(length - 1, Math.Max(0, end < 0 ? end + length : end));
        if (start > end)
            return false;
        if (!_inBits)
            (start, end) = (start * 8, (end * 8) + 7);
        return true;
    }
}
