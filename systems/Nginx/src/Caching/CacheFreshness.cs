using System.Globalization;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// What the fields of a response say of caching it, in the order in which nginx minds them: X-Accel-Expires before Cache-Control before
/// Expires; a cookie, or Vary with a star, forbids it. Times are seconds since 1970.
/// </summary>
internal sealed class CacheFreshness
{
    // Places in proxy_ignore_headers.
    private const int AccelExpires = 1;
    private const int ExpiresField = 5;
    private const int CacheControl = 6;
    private const int SetCookie = 7;
    private const int VaryField = 8;

    private readonly long _ignored;
    private readonly long _now;
    private bool _isForbidden;
    private bool _isNoCache;
    private bool _isExpired;
    private bool _hasAccel;

    private CacheFreshness(long ignored, long now) => (_ignored, _now) = (ignored, now);

    /// <summary>It may be kept.</summary>
    public bool IsCacheable => !_isForbidden && !_isNoCache && !_isExpired;

    /// <summary>Until when it is fresh; 0: the fields do not say.</summary>
    public long ValidUntil { get; private set; }

    /// <summary>How long it may be used afterwards while it is updated.</summary>
    public long UpdatingSeconds { get; private set; }

    /// <summary>How long it may be used afterwards where it cannot be updated.</summary>
    public long ErrorSeconds { get; private set; }

    /// <summary>Names that Vary has, or empty.</summary>
    public byte[] Vary { get; private set; } = [];

    /// <param name="ignored">What proxy_ignore_headers has, by place.</param>
    public static CacheFreshness Of(HeaderList headers, long ignored, long now)
    {
        var freshness = new CacheFreshness(ignored, now);
        for (var i = 0; i < headers.Count; i++)
        {
            var field = headers[i];
            switch (field.Known)
            {
                case KnownHeader.XAccelExpires when !freshness.Ignores(AccelExpires) && !freshness._hasAccel:
                    freshness.ReadAccel(field.Value);
                    break;
                case KnownHeader.CacheControl when !freshness.Ignores(CacheControl):
                    freshness.ReadControl(Latin1.Lower(Latin1.Text(field.Value)));
                    break;
                case KnownHeader.Expires when !freshness.Ignores(ExpiresField) && freshness.ValidUntil == 0:
                    freshness.ReadExpires(field.Value);
                    break;
                case KnownHeader.SetCookie when !freshness.Ignores(SetCookie):
                    freshness._isForbidden = true;
                    break;
                case KnownHeader.Vary when !freshness.Ignores(VaryField):
                    freshness.ReadVary(field.Value);
                    break;
            }
        }
        return freshness;
    }

    private bool Ignores(int place) => (_ignored >> place & 1) != 0;

    // Seconds from now, or @ and a time; 0 forbids.
    private void ReadAccel(ReadOnlySpan<byte> value)
    {
        _hasAccel = true;
        var isTime = value is [(byte)'@', ..];
        if (!long.TryParse(isTime ? value[1..] : value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return;
        if (!isTime && seconds == 0)
        {
            _isForbidden = true;
            return;
        }
        ValidUntil = isTime ? seconds : _now + seconds;
        (_isNoCache, _isExpired) = (false, false);
    }

    private void ReadControl(string value)
    {
        if (ValidUntil == 0 || !_hasAccel)
        {
            if (value.Contains("no-cache", StringComparison.Ordinal) || value.Contains("no-store", StringComparison.Ordinal)
                || value.Contains("private", StringComparison.Ordinal))
            {
                _isNoCache = true;
                return;
            }
            switch (SecondsOf(value, "s-maxage=") ?? SecondsOf(value, "max-age="))
            {
                case < 0:
                    _isForbidden = true;
                    return;
                case 0:
                    _isNoCache = true;
                    return;
                case { } age:
                    ValidUntil = _now + age;
                    _isExpired = false;
                    break;
            }
        }
        if (SecondsOf(value, "stale-while-revalidate=") is { } updating)
        {
            _isForbidden |= updating < 0;
            (UpdatingSeconds, ErrorSeconds) = (updating, updating);
        }
        if (SecondsOf(value, "stale-if-error=") is { } error)
        {
            _isForbidden |= error < 0;
            ErrorSeconds = error;
        }
    }

    private void ReadExpires(ReadOnlySpan<byte> value)
    {
        if (Conditions.Seconds(value) is { } until && until >= _now)
            ValidUntil = until;
        else
            _isExpired = true;
    }

    private void ReadVary(ReadOnlySpan<byte> value)
    {
        if (value.SequenceEqual("*"u8))
            _isForbidden = true;
        else
            Vary = Vary.Length == 0 ? value.ToArray() : [.. Vary, .. ", "u8, .. value];
    }

    // Null: it is not there. -1: it is no number. More than fits is as long as may be.
    private static long? SecondsOf(string value, string name)
    {
        var at = value.IndexOf(name, StringComparison.Ordinal);
        if (at < 0)
            return null;
        var text = value.AsSpan(at + name.Length);
        var end = text.IndexOfAny(",; ");
        text = end < 0 ? text : text[..end];
        if (text.IsEmpty || text.ContainsAnyExceptInRange('0', '9'))
            return text.IsEmpty ? 0 : -1;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? Math.Min(seconds, int.MaxValue) : int.MaxValue;
    }
}
