using Microcosm.Runtime;
using Microcosm.Testing;

namespace Microcosm.Chubby.Tests;

/// <summary>
/// A hundred thousand packets for a session without a network: good requests, broken by every kind of edit, whole and in pieces. Whatever
/// comes in is answered or ends the connection; the reader never throws anything but its own exception, and the tree keeps its invariants.
/// </summary>
public sealed class JuteFuzz
{
    private const int Inputs = 100_000;

    private readonly RandomStream _random = new Seed(20261125).Stream("fuzz");
    private readonly Dictionary<string, int> _outcomes = [];

    private static readonly string[] Good =
    [
        "Create /a x", "Create2 /a/b yy seq", "CreateContainer /c x", "CreateTTL /t x ttl=5", "Delete /a 0", "SetData /a zz -1",
        "SetACL /a world:anyone:r,digest:u:h:cdrwa 0", "Check /a 1", "Exists /a watch", "GetData /a", "GetACL /a", "GetChildren / watch",
        "GetChildren2 /", "GetEphemerals /", "GetAllChildrenNumber /", "Sync /", "Auth digest u:p", "SetWatches zxid=1 data=/a,/b exist=/c",
        "SetWatches2 zxid=1 child=/a persistent=/p recursive=/r", "AddWatch /a recursive", "RemoveWatches /a",
        "Multi Create /m x ; SetData /m y ; Check /m 1 ; Delete /m", "MultiRead GetData /a ; GetChildren /",
    ];

    [Fact]
    public void A_hundred_thousand_broken_requests_do_no_harm()
    {
        for (var i = 0; i < Inputs; i++)
        {
            var request = new ScriptRequest(Good[_random.Next(Good.Length)]);
            var writer = new JuteWriter();
            request.Write(writer);
            var body = BrokenInput.Of(writer.ToArray(), _random);
            Count(Outcome(request, body));
        }
        // The inputs are neither all good nor all hopeless.
        Assert.InRange(_outcomes["read"], Inputs / 10, Inputs);
        Assert.InRange(_outcomes["refused"], Inputs / 10, Inputs);
    }

    // Reads the fields as the operation's type has them, and what was read is written and read again: the same.
    private static string Outcome(ScriptRequest request, byte[] body)
    {
        try
        {
            if (Change(request.Name, body) is { } change)
            {
                var header = new ChangeHeader(1, 2, 3, 4, [new Identity("ip", "1.2.3.4")]);
                var bytes = ChangeCodec.Encode(header, change);
                var (readHeader, read) = ChangeCodec.Decode(bytes);
                Assert.Equal(bytes, ChangeCodec.Encode(readHeader, read));
            }
            return "read";
        }
        catch (JuteException)
        {
            return "refused";
        }
    }

    private static Change? Change(string name, byte[] body)
    {
        var reader = new JuteReader(body);
        switch (name)
        {
            case "Create" or "Create2" or "CreateContainer" or "CreateTTL":
                return Create.Read(ref reader, ZooKeeperOperations.All[ZooKeeperOperations.IndexOf(
                    System.Text.Encoding.ASCII.GetBytes(name))].Declaration.Type);
            case "SetACL":
                return new SetNodeAcl(reader.String(), reader.Acl(), reader.Int());
            case "SetData":
                return new SetNodeData(reader.String(), reader.Buffer(), reader.Int());
            case "SetWatches" or "SetWatches2":
                _ = reader.Long();
                _ = (reader.Strings(), reader.Strings(), reader.Strings());
                return null;
            default:
                _ = reader.String();
                _ = reader.Int();
                return null;
        }
    }

    [Fact]
    public async Task A_member_outlives_broken_packets_over_the_wire()
    {
        await using var world = await World.StartAsync(w =>
        {
            w.AddChubby();
            w.Options.Ports = PortPolicy.None;
        });
        ZooKeeperClient? client = null;
        for (var i = 0; i < 3_000; i++)
        {
            client ??= await OpenAsync(world);
            var request = new ScriptRequest(Good[_random.Next(Good.Length)]);
            var writer = new JuteWriter();
            request.Write(writer);
            var body = BrokenInput.Of(writer.ToArray(), _random);
            try
            {
                await client.AskAsync(_random.Chance(0.02) ? _random.Next(200) : request.Type, w => w.Bytes(body));
            }
            catch (Exception e) when (e is IOException)
            {
                await client.DisposeAsync();
                client = null;
            }
        }
        await using var after = await OpenAsync(world);
        Assert.Equal(ZooError.Ok, (await after.AskAsync(OpCode.Exists, w =>
        {
            w.String("/zookeeper");
            w.Bool(false);
        })).Error);
        Assert.Equal(0, world.Node("chubby-1").Restarts);
    }

    private static async Task<ZooKeeperClient> OpenAsync(World world)
    {
        var client = new ZooKeeperClient(await world.ConnectAsync(world.Node("chubby-1").Address, "fuzz"));
        await client.ConnectAsync();
        return client;
    }

    private void Count(string outcome) => _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;
}
