namespace Microcosm.Nginx;

/// <summary>Requests that a location served, and how many of late. For one executor.</summary>
internal sealed class RequestCounter
{
    private const int Window = 10;

    private readonly int[] _seconds = new int[Window];
    private long _second;

    public long Requests { get; private set; }

    /// <summary>Of them answered with 400 to 499, or by the end of the connection.</summary>
    public long Refused { get; private set; }

    /// <summary>Of them answered with 500 or more.</summary>
    public long Failed { get; private set; }

    /// <summary>Bytes sent.</summary>
    public long Bytes { get; private set; }

    /// <summary>A request has ended.</summary>
    /// <param name="second">Of a clock that does not jump.</param>
    public void Ended(int status, long bytes, long second)
    {
        Requests++;
        Bytes += bytes;
        if (status >= 500)
            Failed++;
        else if (status >= 400)
            Refused++;
        Move(second);
        _seconds[second % Window]++;
    }

    /// <summary>Requests a second, of the last ten seconds.</summary>
    public double Rate(long second)
    {
        Move(second);
        return _seconds.Sum() / (double)Window;
    }

    private void Move(long second)
    {
        if (second - _second >= Window)
            Array.Clear(_seconds);
        else
        {
            for (var at = _second + 1; at <= second; at++)
                _seconds[at % Window] = 0;
        }
        _second = Math.Max(_second, second);
    }
}
