namespace Microcosm.Kafka;

/// <summary>A file with certificates, and with a key if it is a keystore: PEM or PKCS12.</summary>
internal sealed record KeyStore(string Location, string Type, string Password)
{
    public const string Pem = "PEM";
    public const string Pkcs12 = "PKCS12";

    /// <summary>Of the key in a PEM file.</summary>
    public string KeyPassword { get; init; } = "";

    public bool IsGiven => Location.Length > 0;

    /// <summary>As a broker's options name it.</summary>
    /// <param name="name"><c>ssl.keystore</c> or <c>ssl.truststore</c>.</param>
    public static KeyStore Of(KafkaOptions options, string name) => new(
        options.Text(name + ".location"), options.Text(name + ".type"), options.Text(name + ".password"))
        { KeyPassword = options.Text("ssl.key.password") };
}
