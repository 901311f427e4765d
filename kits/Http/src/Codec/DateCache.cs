using System.Text;

namespace Microcosm.Http;

/// <summary>The value of <c>Date</c>, written once a second. For one executor.</summary>
public sealed class DateCache(TimeProvider clock)
{
    private readonly byte[] _text = new byte[29];
    private long _second = -1;

    /// <summary>Now, in the form of RFC 9110 5.6.7; valid until the next call.</summary>
    public ReadOnlySpan<byte> Now
    {
        get
        {
            var now = clock.GetUtcNow();
            var second = now.UtcTicks / TimeSpan.TicksPerSecond;
            if (second == _second)
                return _text;
            _second = second;
            Write(now, _text);
            return _text;
        }
    }

    /// <summary>Writes a time: 29 bytes.</summary>
    public static void Write(DateTimeOffset time, Span<byte> to) =>
        Encoding.ASCII.GetBytes(time.UtcDateTime.ToString("R", System.Globalization.CultureInfo.InvariantCulture), to);
}
