using Google.Protobuf;
using Microcosm.Chubby.Etcd;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Chubby.Tests.Etcd;

namespace Microcosm.Chubby.Tests;

/// <summary>Calls that no client library makes: broken frames, bodies, names. Each has its status, and the member serves on.</summary>
public sealed class EtcdFrameTests(ITestOutputHelper output)
{
    private const string Put = "/etcdserverpb.KV/Put";

    private static readonly byte[] Good = new PutRequest { Key = Text("k"), Value = Text("v") }.ToByteArray();

    private static readonly (string Name, Func<HttpClient, Task<(int Http, int? Grpc, string Message)>> Ask)[] Cases =
    [
        ("a good one", c => GrpcCall.AskAsync(c, Put, GrpcCall.Frame(Good))),
        ("an unknown method", c => GrpcCall.AskAsync(c, "/etcdserverpb.KV/Nothing", GrpcCall.Frame(Good))),
        ("an unknown service", c => GrpcCall.AskAsync(c, "/etcdserverpb.Nothing/Put", GrpcCall.Frame(Good))),
        ("no message", c => GrpcCall.AskAsync(c, Put, [])),
        ("a head cut short", c => GrpcCall.AskAsync(c, Put, GrpcCall.Frame(Good)[..3])),
        ("a message cut short", c => GrpcCall.AskAsync(c, Put, GrpcCall.Frame(Good, length: Good.Length + 10))),
        ("a flag that says compressed", c => GrpcCall.AskAsync(c, Put, GrpcCall.Frame(Good, flag: 1))),
        ("a flag that means nothing", c => GrpcCall.AskAsync(c, Put, GrpcCall.Frame(Good, flag: 7))),
        ("an encoding that nobody knows", c => GrpcCall.AskAsync(c, Put, GrpcCall.Frame(Good, flag: 1),
            with: r => r.Headers.Add("grpc-encoding", "nothing"))),
        ("a body that is no message", c => GrpcCall.AskAsync(c, Put, GrpcCall.Frame([0x0A, 0xFF, 0xFF, 0x01]))),
        ("a length beyond everything", c => GrpcCall.AskAsync(c, Put, GrpcCall.Frame(Good, length: int.MaxValue))),
        ("a request beyond 1.5 MiB", c => GrpcCall.AskAsync(c, Put, GrpcCall.Frame(Sized(1_600_000)))),
        ("a message beyond 2 MiB", c => GrpcCall.AskAsync(c, Put, GrpcCall.Frame(Sized(2_200_000)))),
        ("an empty key", c => GrpcCall.AskAsync(c, Put, GrpcCall.Frame([]))),
        ("another content type", c => GrpcCall.AskAsync(c, Put, GrpcCall.Frame(Good), contentType: "application/octet-stream")),
        ("a path that is none", c => GrpcCall.AskAsync(c, "/nothing", GrpcCall.Frame(Good))),
        ("a time-out that is none", c => GrpcCall.AskAsync(c, Put, GrpcCall.Frame(Good), with: r => r.Headers.Add("grpc-timeout", "soon"))),
    ];

    // What ASP.NET Core's gRPC answers by itself, before a call is ours: HTTP's status, and gRPC's where there is one.
    private static readonly Dictionary<string, (int Http, int? Grpc)> Different = new()
    {
        ["no message"] = (200, 13),
        ["a head cut short"] = (200, 13),
        ["a message cut short"] = (200, 13),
        ["a flag that means nothing"] = (200, 2),
        ["another content type"] = (415, 13),
        ["a path that is none"] = (404, null),
    };

    [Fact]
    public async Task Each_wrong_call_has_the_status_that_etcd_gives()
    {
        await using var real = await RealEtcd.StartAsync();
        await using var world = await World.StartAsync(w => w.AddEtcd());
        using var ours = GrpcCall.Client(world.Node("etcd-1").Endpoint);
        using var theirs = GrpcCall.Client(real.Endpoint);
        foreach (var (name, ask) in Cases)
        {
            var (expected, got) = (await ask(theirs), await ask(ours));
            output.WriteLine($"{name}: {expected}, ours {got}");
            (int, int?) status = (expected.Http, expected.Grpc);
            Assert.Equal((name, Different.GetValueOrDefault(name, status)), (name, (got.Http, got.Grpc)));
        }
    }

    private static byte[] Sized(int bytes) =>
        new PutRequest { Key = Text("k"), Value = ByteString.CopyFrom(new byte[bytes]) }.ToByteArray();

    private static ByteString Text(string text) => ByteString.CopyFromUtf8(text);
}
