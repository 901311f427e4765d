#pragma warning disable RS0030 // The user's key files lie outside of the node's disk.
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// Tokens that say and sign themselves whose they are (RFC 7519), as etcd's <c>auth-token=jwt,…</c> has them: whoever has the keys makes
/// and knows them, a real etcd too. They hold until their time is over or the rules change.
/// </summary>
internal sealed class JwtTokens
{
    private const string Prefix = "jwt,";
    private const int TtlSecondsDefault = 300;

    private readonly string _method;
    private readonly long _ttlSeconds = TtlSecondsDefault;
    private readonly bool _canSign;
    private readonly Func<byte[], byte[]> _sign;
    private readonly Func<byte[], byte[], bool> _isSigned;

    private JwtTokens(string option)
    {
        var settings = option[Prefix.Length..].Split(',').Select(p => p.Split('=', 2))
            .ToDictionary(p => p[0], p => p.Length > 1 ? p[1] : "");
        if (settings.Keys.Except(["sign-method", "pub-key", "priv-key", "ttl"]).FirstOrDefault() is { } unknown)
            throw Wrong(option, $"unknown option {unknown}");
        _method = settings.GetValueOrDefault("sign-method", "");
        var privateKey = settings.TryGetValue("priv-key", out var path) ? File.ReadAllText(path) : null;
        var key = privateKey ?? (settings.TryGetValue("pub-key", out path) ? File.ReadAllText(path) : throw Wrong(option, "missing key"));
        _canSign = privateKey is not null;
        if (settings.TryGetValue("ttl", out var ttl))
            _ttlSeconds = Seconds(ttl) ?? throw Wrong(option, $"ttl {ttl}");
        (_sign, _isSigned) = Algorithm(_method, key) ?? throw Wrong(option, $"sign-method {_method}");
    }

    /// <summary>Null where tokens are <c>simple</c>. Throws <see cref="ArgumentException"/> for what etcd would not start with.</summary>
    public static JwtTokens? Of(string option) => option switch
    {
        "simple" => null,
        _ when option.StartsWith(Prefix, StringComparison.Ordinal) => new JwtTokens(option),
        _ => throw Wrong(option, "simple or jwt"),
    };

    /// <summary>A token for a user. Throws <see cref="EtcdException"/> where there is no private key.</summary>
    public string Sign(Access access, DateTimeOffset now)
    {
        if (!_canSign)
            throw new EtcdException(EtcdErrors.VerifyOnly);
        var header = new JsonObject { ["alg"] = _method, ["typ"] = "JWT" };
        var claims = new JsonObject
        {
            ["exp"] = now.ToUnixTimeSeconds() + _ttlSeconds, ["revision"] = access.Revision, ["username"] = access.User,
        };
        var text = $"{Encode(header)}.{Encode(claims)}";
        return $"{text}.{Base64Url.EncodeToString(_sign(Encoding.ASCII.GetBytes(text)))}";
    }

    /// <summary>Whose a token is, or null where it is none or its time is over.</summary>
    public Access? Verify(string token, DateTimeOffset now)
    {
        try
        {
            if (token.Split('.') is not [var header, var claims, var signature]
                || Decode(header)["alg"]?.GetValue<string>() != _method
                || !_isSigned(Encoding.ASCII.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature)))
                return null;
            var said = Decode(claims);
            if (said["exp"] is not { } end || said["username"] is not { } user || said["revision"] is not { } revision)
                return null;
            return end.GetValue<long>() < now.ToUnixTimeSeconds() ? null : new Access(user.GetValue<string>(), revision.GetValue<ulong>());
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static (Func<byte[], byte[]> Sign, Func<byte[], byte[], bool> IsSigned)? Algorithm(string method, string key)
    {
        var hash = method.Length == 5 ? method[2..] switch
        {
            "256" => HashAlgorithmName.SHA256, "384" => HashAlgorithmName.SHA384, "512" => HashAlgorithmName.SHA512, _ => default,
        } : default;
        if (hash == default)
            return null;
        switch (method[..2])
        {
            case "RS" or "PS":
                var padding = method[0] == 'R' ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss;
                var rsa = RSA.Create();
                rsa.ImportFromPem(key);
                return (t => rsa.SignData(t, hash, padding), (t, s) => rsa.VerifyData(t, s, hash, padding));
            case "ES":
                var ecdsa = ECDsa.Create();
                ecdsa.ImportFromPem(key);
                return (t => ecdsa.SignData(t, hash), (t, s) => ecdsa.VerifyData(t, s, hash));
            case "HS":
                var secret = Encoding.UTF8.GetBytes(key);
                byte[] Mac(byte[] text) => CryptographicOperations.HmacData(hash, secret, text);
                return (Mac, (t, s) => CryptographicOperations.FixedTimeEquals(Mac(t), s));
            default:
                return null;
        }
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static JsonNode Decode(string part) => JsonNode.Parse(Base64Url.DecodeFromChars(part)) ?? throw new JsonException("null");

    // Go's durations, as far as anybody writes them here: 300s, 10m, 2h.
    private static long? Seconds(string duration)
    {
        var unit = duration.Length > 1 ? duration[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 } : 0;
        return unit > 0 && int.TryParse(duration[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? (long)count * unit : null;
    }

    private static ArgumentException Wrong(string option, string what) => new($"auth: invalid auth options: {what} in \"{option}\"");
}
