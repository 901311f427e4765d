using System.Buffers.Binary;
using System.Globalization;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary><c>userid</c>: a cookie by which a client is known again (nginx: ngx_http_userid_filter). Numbers of 16 bytes.</summary>
internal sealed class UserId
{
    private const int CookieBytes = 22;
    private const int ExpiresMax = -1;
    private const string LastExpiry = "; expires=Thu, 31-Dec-37 23:55:55 GMT";

    private static readonly string[] FlagWords = ["", "; secure", "; httponly", "; samesite=strict", "; samesite=lax", "; samesite=none"];

    private readonly HttpRequest _request;
    private readonly byte[] _got = new byte[16];
    private readonly byte[] _set = new byte[16];
    private byte[] _cookie = [];
    private bool _isReset;

    private UserId(HttpRequest request)
    {
        _request = request;
        Read();
    }

    // The last number is never 0.
    private bool IsGot => BinaryPrimitives.ReadUInt32LittleEndian(_got.AsSpan(12)) != 0;

    private bool IsSet => BinaryPrimitives.ReadUInt32LittleEndian(_set.AsSpan(12)) != 0;

    /// <summary>Adds the cookie where the client is to have one.</summary>
    public static void AddTo(HttpRequest request)
    {
        if (request.Level.Get(UserIdModule.UserId) < UserIdState.V1)
            return;
        var id = Of(request);
        id.Make();
        if (!id.IsSet)
            return;
        request.Response.Headers.Add(KnownHeader.SetCookie, Latin1.Bytes(id.Cookie()));
        if (request.Level.Get(UserIdModule.P3p) is { Length: > 0 } p3p)
            request.Response.Headers.Add(KnownHeader.P3P, Latin1.Bytes(p3p));
    }

    /// <summary><c>$uid_got</c>; null for none.</summary>
    public static string? Got(HttpRequest request) => request.Level.Get(UserIdModule.UserId) == UserIdState.Off ? null
        : Of(request) is { IsGot: true } id ? id.Text(id._got) : null;

    /// <summary><c>$uid_set</c>; null for none.</summary>
    public static string? Set(HttpRequest request)
    {
        if (request.Level.Get(UserIdModule.UserId) < UserIdState.V1)
            return null;
        var id = Of(request);
        id.Make();
        return id.IsSet ? id.Text(id._set) : null;
    }

    private static UserId Of(HttpRequest request) => request.UserId ??= new UserId(request);

    private void Read()
    {
        var name = Latin1.Bytes(_request.Level.Get(UserIdModule.Name)!);
        if (!Cookies.TryFind(_request.Exchange.RequestHeaders, name, out var value))
            return;
        _cookie = value.ToArray();
        if (value.Length < CookieBytes)
            Complain("too short", value);
        else if (!TryDecode(value[..CookieBytes], _got))
            Complain("invalid", value);
    }

    private void Complain(string what, ReadOnlySpan<byte> value) => _request.LogError(
        LogLevel.Error, $"client sent {what} userid cookie \"{_request.Level.Get(UserIdModule.Name)}={Latin1.Text(value)}\"");

    // What stands behind these is not looked at: marks, and what others made of the end.
    private static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> to)
    {
        var (bits, count, at) = (0, 0, 0);
        foreach (var c in text)
        {
            var digit = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8.IndexOf(c);
            if (digit < 0)
            {
                to.Clear();
                return false;
            }
            (bits, count) = (((bits << 6) | digit) & 0xffff, count + 6);
            if (count < 8 || at == to.Length)
                continue;
            count -= 8;
            to[at++] = (byte)(bits >> count);
        }
        return true;
    }

    private void Make()
    {
        if (IsSet)
            return;
        if (IsGot)
        {
            var reset = _request.Values.Variables.Find("uid_reset") is { } variable
                ? Latin1.Text(_request.Values.Get(variable).Span) : "";
            if (reset is "" or "0")
            {
                var mark = _request.Level.Get(UserIdModule.Mark)!;
                // One without the mark is sent again with it.
                if (mark.Length > 0 && !(_cookie.Length > 23 && _cookie[22] == mark[0] && _cookie[23] == '='))
                    _got.CopyTo(_set, 0);
                return;
            }
            _isReset = true;
            if (reset == "log")
                _request.LogError(LogLevel.Notice, $"userid cookie \"{Text(_got)}\" was reset");
        }
        var service = _request.Level.Get(UserIdModule.Service);
        var seconds = (uint)_request.Worker.Http.Clock.GetUtcNow().ToUnixTimeSeconds();
        var numbers = _request.Worker.UserIds;
        if (_request.Level.Get(UserIdModule.UserId) == UserIdState.V1)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_set, service < 0 ? 0 : (uint)service);
            BinaryPrimitives.WriteUInt32LittleEndian(_set.AsSpan(4), seconds);
            BinaryPrimitives.WriteUInt32LittleEndian(_set.AsSpan(8), numbers.Start);
            BinaryPrimitives.WriteUInt32LittleEndian(_set.AsSpan(12), numbers.NextOfV1());
            return;
        }
        if (service >= 0)
            BinaryPrimitives.WriteUInt32BigEndian(_set, (uint)service);
        else if (_request.Worker.AddressOf(_request.Exchange.Connection.Transport.Local) is { } local)
            local.Address.GetAddressBytes().AsSpan()[^4..].CopyTo(_set);
        BinaryPrimitives.WriteUInt32BigEndian(_set.AsSpan(4), seconds);
        BinaryPrimitives.WriteUInt32BigEndian(_set.AsSpan(8), numbers.Start);
        BinaryPrimitives.WriteUInt32BigEndian(_set.AsSpan(12), numbers.NextOfV2());
    }

    private string Cookie()
    {
        var level = _request.Level;
        var mark = level.Get(UserIdModule.Mark)!;
        var value = !IsGot || _isReset ? Convert.ToBase64String(_set)[..CookieBytes] : Latin1.Text(_cookie.AsSpan(0, CookieBytes));
        var text = $"{level.Get(UserIdModule.Name)}={value}{(mark.Length > 0 ? mark : "=")}=";
        var expires = level.Get(UserIdModule.Expires);
        if (expires == ExpiresMax)
            text += LastExpiry;
        else if (expires != 0)
            text += "; expires=" + Date(_request.Worker.Http.Clock.GetUtcNow().AddSeconds(expires));
        if (level.Get(UserIdModule.Domain) is { Length: > 0 } domain)
            text += "; domain=" + domain;
        text += "; path=" + level.Get(UserIdModule.Path);
        var flags = level.Get(UserIdModule.Flags);
        for (var i = 1; i < FlagWords.Length; i++)
        {
            if ((flags & (1L << i)) != 0)
                text += FlagWords[i];
        }
        return text;
    }

    // Two digits of the year do as long as there are no two such years in sight (ngx_http_cookie_time).
    private static string Date(DateTimeOffset time) =>
        time.ToString(time.Year > 2037 ? "ddd, dd-MMM-yyyy HH:mm:ss" : "ddd, dd-MMM-yy HH:mm:ss", CultureInfo.InvariantCulture) + " GMT";

    private string Text(ReadOnlySpan<byte> id)
    {
        var text = _request.Level.Get(UserIdModule.Name) + "=";
        for (var i = 0; i < id.Length; i += 4)
            text += BinaryPrimitives.ReadUInt32LittleEndian(id[i..]).ToString("X8", CultureInfo.InvariantCulture);
        return text;
    }
}
