using System.Globalization;
using Microcosm.Runtime;
using Bcrypt = BCrypt.Net.BCrypt;

namespace Microcosm.Chubby.Etcd;

/// <summary>Passwords as etcd keeps them: bcrypt, so that users go from one to the other with a snapshot.</summary>
internal static class PasswordHash
{
    private const int SaltBytes = 16;
    private const string Base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private const string BcryptBase64 = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <param name="password">In the clear.</param>
    /// <param name="random">Gives the salt.</param>
    /// <param name="cost">4 to 31: each step doubles the work, here and whenever the password is compared.</param>
    public static string Of(string password, RandomStream random, int cost)
    {
        var salt = new byte[SaltBytes];
        random.NextBytes(salt);
        var letters = Convert.ToBase64String(salt).TrimEnd('=').Select(c => BcryptBase64[Base64.IndexOf(c)]);
        return Bcrypt.HashPassword(password, string.Create(CultureInfo.InvariantCulture, $"$2a${cost:d2}${string.Concat(letters)}"));
    }

    /// <summary>False for users without a password, whatever was given.</summary>
    public static bool Matches(string stored, string password) => stored.Length > 0 && Bcrypt.Verify(password, stored);
}
