namespace Microcosm.Kafka;

/// <summary>The last message of a SCRAM client (RFC 5802 7): <c>c=binding,r=nonce[,extensions],p=proof</c>.</summary>
/// <param name="WithoutProof">A part of what is signed.</param>
internal sealed record ScramClientFinal(string Nonce, string WithoutProof, byte[] Proof)
{
    /// <summary>Null if it is none. The binding is signed and not looked at: without channel binding it says nothing new.</summary>
    public static ScramClientFinal? Parse(string message)
    {
        var fields = message.Split(',');
        if (fields.Length < 3
            || !ScramText.TryTake(fields[0], "c=", out var binding) || ScramText.Bytes(binding) is null
            || !ScramText.TryTake(fields[1], "r=", out var nonce) || !ScramText.IsPrintable(nonce)
            || !fields[2..^1].All(ScramText.IsExtension)
            || !ScramText.TryTake(fields[^1], "p=", out var proof) || ScramText.Bytes(proof) is not { } bytes)
            return null;
        return new ScramClientFinal(nonce, message[..message.LastIndexOf(',')], bytes);
    }
}
