using System.Security.Cryptography;
using System.Text;

namespace Microcosm.Nginx;

/// <summary>Passwords as files of users hold them, of the kinds that need no library of the system (ngx_crypt).</summary>
internal static class PasswordHash
{
    private const string Apr1Prefix = "$apr1$";
    private const string Digits = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int Sha1Bytes = 20;

    /// <summary>The password as it stands in a file, made in the way of <paramref name="known"/>; null where the way is none of
    /// these.</summary>
    public static string? Of(ReadOnlySpan<byte> password, string known)
    {
        if (known.StartsWith(Apr1Prefix, StringComparison.Ordinal))
            return Apr1(password, known);
        if (known.StartsWith("{PLAIN}", StringComparison.Ordinal))
            return "{PLAIN}" + Latin1.Text(password);
        if (known.StartsWith("{SSHA}", StringComparison.Ordinal))
            return SaltedSha1(password, known[6..]);
        return known.StartsWith("{SHA}", StringComparison.Ordinal) ? "{SHA}" + Convert.ToBase64String(SHA1.HashData(password)) : null;
    }

    // {SSHA} base64(SHA1(password salt) salt)
    private static string SaltedSha1(ReadOnlySpan<byte> password, string known)
    {
        var decoded = Base64.Decode(Latin1.Bytes(known));
        var salt = decoded is { Length: > Sha1Bytes } ? decoded.AsSpan(Sha1Bytes) : default;
        return "{SSHA}" + Convert.ToBase64String([.. SHA1.HashData([.. password, .. salt]), .. salt]);
    }

    // Poul-Henning Kamp's crypt by MD5 with Apache's prefix.
    private static string Apr1(ReadOnlySpan<byte> password, string known)
    {
        var salt = known[Apr1Prefix.Length..];
        salt = salt[..Math.Min(8, salt.Length)].Split('$')[0];
        var saltBytes = Latin1.Bytes(salt);
        byte[] inner = MD5.HashData([.. password, .. saltBytes, .. password]);
        var text = new List<byte>([.. password, .. Latin1.Bytes(Apr1Prefix), .. saltBytes]);
        for (var left = password.Length; left > 0; left -= 16)
            text.AddRange(inner.AsSpan(0, Math.Min(16, left)));
        for (var bits = password.Length; bits > 0; bits >>= 1)
            text.Add((bits & 1) != 0 ? (byte)0 : password[0]);
        var final = MD5.HashData([.. text]);
        for (var round = 0; round < 1000; round++)
        {
            text.Clear();
            text.AddRange((round & 1) != 0 ? password : final);
            if (round % 3 != 0)
                text.AddRange(saltBytes);
            if (round % 7 != 0)
                text.AddRange(password);
            text.AddRange((round & 1) != 0 ? final : password);
            final = MD5.HashData([.. text]);
        }
        var output = new StringBuilder(Apr1Prefix).Append(salt).Append('$');
        foreach (var (a, b, c) in ((int, int, int)[])[(0, 6, 12), (1, 7, 13), (2, 8, 14), (3, 9, 15), (4, 10, 5)])
            Append(output, final[a] << 16 | final[b] << 8 | final[c], 4);
        Append(output, final[11], 2);
        return output.ToString();
    }

    private static void Append(StringBuilder output, int value, int count)
    {
        for (; count > 0; count--, value >>= 6)
            output.Append(Digits[value & 63]);
    }
}
