namespace Microcosm.Http;

/// <summary>A certificate and its key.</summary>
/// <param name="Chain">The certificate, then those that issued it.</param>
/// <param name="Key">Its private key, encrypted or not.</param>
public sealed record TlsCertificate(TlsFile Chain, TlsFile Key)
{
    /// <summary>What the key may be encrypted by; tried one by one.</summary>
    public IReadOnlyList<string> Passwords { get; init; } = [];
}
