using System.Security.Cryptography;
using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Core;

/// <summary>SCRAM by its RFCs.</summary>
public sealed class ScramTests
{
    private const string Nonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

    private static readonly byte[] Salt = Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ==");

    [Fact]
    public void The_exchange_of_RFC_7677_is_answered_byte_for_byte()
    {
        var server = Server(ScramMechanism.Sha256, ScramMechanism.Sha256.Credential("user", "pencil", Salt));
        Assert.Equal(
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
            Text(Step(server, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO")));
        var last = Step(
            server, "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        Assert.Equal("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", Text(last));
        Assert.Equal("user", last.User);
    }

    [Theory]
    [InlineData(1, "ann", "")]
    [InlineData(2, "ann", "")]
    [InlineData(2, "a,b=c", "")]
    [InlineData(1, "ann", ",x=1,tokenauth=false")]
    public void A_client_that_knows_the_password_is_let_in_and_learns_that_the_server_does(sbyte code, string user, string extensions)
    {
        var mechanism = ScramMechanism.Find(code)!;
        var client = new ScramClient(Hash(mechanism), user, "secret", "cnonce", extensions);
        var server = Server(mechanism, mechanism.Credential(user, "secret", Salt, 5000));
        var first = Step(server, client.First);
        Assert.Null(first.User);
        var last = Step(server, client.Final(Text(first)));
        Assert.Equal((user, false), (last.User, last.HasFailed));
        Assert.Equal(client.ServerSignature, Text(last));
    }

    [Fact]
    public void A_wrong_password_is_refused_at_the_end()
    {
        var client = new ScramClient(HashAlgorithmName.SHA256, "ann", "guess", "cnonce");
        var server = Server(ScramMechanism.Sha256, ScramMechanism.Sha256.Credential("ann", "secret", Salt));
        Assert.Equal((true, null), Failure(Step(server, client.Final(Text(Step(server, client.First))))));
    }

    [Theory]
    [InlineData("n,,n=bob,r=x")]
    [InlineData("n,,n=ann,r=x,tokenauth=true")]
    [InlineData("n,,m=must,n=ann,r=x")]
    [InlineData("y,,n=ann,r=x")]
    [InlineData("p=tls-unique,,n=ann,r=x")]
    [InlineData("n,,n=ann,r=")]
    [InlineData("n,,n=,r=x")]
    [InlineData("n,,n=a=nn,r=x")]
    [InlineData("n,,n=ann")]
    [InlineData("n,,r=x,n=ann")]
    [InlineData("n,,n=ann,r=x,1=2")]
    [InlineData("n")]
    [InlineData("")]
    public void A_first_message_that_is_wrong_is_refused_without_a_reason(string message) =>
        Assert.Equal((true, null), Failure(Step(Ann(), message)));

    [Fact]
    public void Nobody_acts_for_another()
    {
        Assert.False(Step(Ann(), "n,a=ann,n=ann,r=x").HasFailed);
        Assert.Equal(
            (true, "Authentication failed: Client requested an authorization id that is different from username"),
            Failure(Step(Ann(), "n,a=bob,n=ann,r=x")));
    }

    [Theory]
    [InlineData("c=biws,r=x,p=AAAA")]
    [InlineData("c=biws,r={0},p=AAAA")]
    [InlineData("c=biws,r={0},p=not base64")]
    [InlineData("c=biws,r={0}")]
    [InlineData("c=,p=AAAA,r={0}")]
    [InlineData("")]
    public void A_last_message_that_is_wrong_is_refused(string message)
    {
        var server = Ann();
        Step(server, "n,,n=ann,r=x");
        Assert.Equal((true, null), Failure(Step(server, message.Replace("{0}", "x" + Nonce))));
    }

    [Fact]
    public void Random_messages_let_nobody_in()
    {
        var random = new RandomStream(1);
        const string Letters = "n,a=r=c=p=xym1=+/ \0é" + Nonce;
        for (var i = 0; i < 3_000; i++)
        {
            var server = Ann();
            if (i % 2 == 0)
                Step(server, "n,,n=ann,r=x");
            var message = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => Letters[random.Next(Letters.Length)]));
            Assert.Null(Step(server, i % 3 == 0 ? $"c=biws,r=x{Nonce},p={message}" : message).User);
        }
    }

    [Fact]
    public void A_credential_that_is_too_weak_is_not_used() => Assert.True(Step(
        Server(ScramMechanism.Sha256, ScramMechanism.Sha256.Credential("ann", "secret", Salt, 4095)), "n,,n=ann,r=x").HasFailed);

    [Fact]
    public void A_credential_of_the_other_mechanism_is_not_used() => Assert.True(Step(
        Server(ScramMechanism.Sha256, ScramMechanism.Sha512.Credential("ann", "secret", Salt)), "n,,n=ann,r=x").HasFailed);

    private static ScramExchange Ann() =>
        Server(ScramMechanism.Sha256, new ScramCredential("ann", 1, Salt, new byte[32], new byte[32], 4096));

    private static ScramExchange Server(ScramMechanism mechanism, ScramCredential credential) => new(
        mechanism, new Dictionary<(string, byte), ScramCredential> { [(credential.User, credential.Mechanism)] = credential }, Nonce);

    private static HashAlgorithmName Hash(ScramMechanism mechanism) =>
        mechanism == ScramMechanism.Sha256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA512;

    private static (bool, string?) Failure(SaslStep step) => (step.HasFailed, step.Error);

    private static SaslStep Step(ScramExchange server, string message) => server.Step(Encoding.UTF8.GetBytes(message));

    private static string Text(SaslStep step) => Encoding.UTF8.GetString(step.Answer);
}
