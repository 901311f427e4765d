namespace Microcosm.Redis;

/// <summary>The options of SORT.</summary>
internal sealed class SortOptions
{
    /// <summary>Pattern of weights, or null for the elements themselves.</summary>
    public byte[]? By { get; private set; }

    /// <summary>False for <c>BY nosort</c>: a pattern without a star.</summary>
    public bool Sorts { get; private set; } = true;

    public bool IsDescending { get; private set; }

    public bool IsAlpha { get; private set; }

    public List<byte[]> Gets { get; } = [];

    /// <summary>Argument that names the target, or 0.</summary>
    public int StoreAt { get; private set; }

    private long _offset;
    private long _limit = -1;

    /// <summary>Reads the options, or answers the error and returns null.</summary>
    public static SortOptions? Parse(ref RedisCall call, bool canStore)
    {
        var options = new SortOptions();
        for (var i = 2; i < call.Count; i++)
        {
            var left = call.Count - i - 1;
            if (call.Is(i, "ASC"u8))
                options.IsDescending = false;
            else if (call.Is(i, "DESC"u8))
                options.IsDescending = true;
            else if (call.Is(i, "ALPHA"u8))
                options.IsAlpha = true;
            else if (call.Is(i, "LIMIT"u8) && left >= 2)
            {
                if (!call.TryInteger(i + 1, out options._offset) || !call.TryInteger(i + 2, out options._limit))
                    return null;
                i += 2;
            }
            else if (canStore && call.Is(i, "STORE"u8) && left >= 1)
                options.StoreAt = ++i;
            else if (call.Is(i, "BY"u8) && left >= 1)
            {
                options.By = call.Copy(++i);
                options.Sorts &= Array.IndexOf(options.By, (byte)'*') >= 0;
            }
            else if (call.Is(i, "GET"u8) && left >= 1)
                options.Gets.Add(call.Copy(++i));
            else
            {
                call.SyntaxError();
                return null;
            }
        }
        return options;
    }

    /// <summary>First row and number of rows of LIMIT.</summary>
    public (int From, int Count) Window(int count)
    {
        var from = Math.Clamp(_offset, 0, count);
        var rows = _limit < 0 ? count - from : Math.Min(_limit, count - from);
        return ((int)from, (int)rows);
    }
}
