using System.Text;

namespace Microcosm.Kafka.Tests.Core;

/// <summary>A connection of a SASL listener with PLAIN and one user; times in ms.</summary>
internal sealed class SaslConnection
{
    private static readonly Dictionary<string, string> Users = new() { ["ann"] = "a", ["bob"] = "b" };

    public SaslConnection(long maxReauthMs = 0) => Server = new SaslServerAuthenticator(
        ["PLAIN", "OTHER"], mechanism => mechanism == "PLAIN" ? new PlainExchange(Users) : new Other(), maxReauthMs);

    public SaslServerAuthenticator Server { get; }

    public long NowMs { get; set; } = 10_000;

    public KafkaError Handshake(string mechanism = "PLAIN", short version = 1) =>
        (KafkaError)Server.Handshake(new() { Mechanism = mechanism }, version, NowMs).ErrorCode;

    public SaslAuthenticateResponse Authenticate(string user = "ann", string password = "a") =>
        Server.Authenticate(new() { AuthBytes = Encoding.UTF8.GetBytes($"\0{user}\0{password}") }, NowMs);

    public bool Accepts(short apiKey) => Server.Accepts(apiKey, NowMs);

    private sealed class Other : SaslExchange
    {
        public override string Mechanism => "OTHER";

        public override SaslStep Step(ReadOnlySpan<byte> message) => SaslStep.Refused;
    }
}
