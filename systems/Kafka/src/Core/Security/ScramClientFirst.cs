namespace Microcosm.Kafka;

/// <summary>
/// The first message of a SCRAM client (RFC 5802 7): <c>n,[a=authzid],n=user,r=nonce[,extensions]</c>. Like Kafka, only without channel
/// binding and in ASCII. Mandatory extensions (<c>m=</c>) are refused, as the RFC wants.
/// </summary>
/// <param name="ActsAs">The user whose rights are asked for, as it was sent; empty for the user itself.</param>
/// <param name="Bare">All but the header: a part of what is signed.</param>
/// <param name="IsToken">The extension <c>tokenauth</c>: the user is the id of a delegation token (KIP-48).</param>
internal sealed record ScramClientFirst(string ActsAs, string User, string Nonce, string Bare, bool IsToken)
{
    /// <summary>Null if it is none.</summary>
    public static ScramClientFirst? Parse(string message)
    {
        if (!message.StartsWith("n,", StringComparison.Ordinal) || message.IndexOf(',', 2) is var end && end < 0)
            return null;
        var (header, bare) = (message[2..end], message[(end + 1)..]);
        var actsAs = "";
        if (header.Length > 0)
        {
            if (!ScramText.TryTake(header, "a=", out actsAs) || ScramText.Name(actsAs) is null)
                return null;
        }
        var fields = bare.Split(',');
        if (fields.Length < 2
            || !ScramText.TryTake(fields[0], "n=", out var name) || ScramText.Name(name) is not { } user
            || !ScramText.TryTake(fields[1], "r=", out var nonce) || !ScramText.IsPrintable(nonce)
            || !fields[2..].All(ScramText.IsExtension))
            return null;
        return new ScramClientFirst(
            actsAs, user, nonce, bare, fields[2..].Any(f => f.Equals("tokenauth=true", StringComparison.OrdinalIgnoreCase)));
    }
}
