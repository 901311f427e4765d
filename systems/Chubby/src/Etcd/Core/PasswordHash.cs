using System.Globalization;
using System.Security.Cryptography;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>Passwords as they are kept: <c>pbkdf2$iterations$salt$hash</c>. etcd has bcrypt; no client sees either.</summary>
internal static class PasswordHash
{
    private const int Iterations = 10_000;
    private const int Bytes = 32;

    public static string Of(string password, RandomStream random)
    {
        var salt = new byte[16];
        random.NextBytes(salt);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA256, Bytes);
        return string.Create(CultureInfo.InvariantCulture, $"pbkdf2${Iterations}${Convert.ToHexString(salt)}${Convert.ToHexString(hash)}");
    }

    /// <summary>False for users without a password, whatever was given.</summary>
    public static bool Matches(string stored, string password)
    {
        if (stored.Split('$') is not [_, var iterations, var salt, var hash])
            return false;
        var count = int.Parse(iterations, CultureInfo.InvariantCulture);
        var own = Rfc2898DeriveBytes.Pbkdf2(password, Convert.FromHexString(salt), count, HashAlgorithmName.SHA256, Bytes);
        return CryptographicOperations.FixedTimeEquals(own, Convert.FromHexString(hash));
    }
}
