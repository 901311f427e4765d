using Microcosm.Kafka.Tests.Operations;
using Microcosm.Testing;

namespace Microcosm.Kafka.Tests.Scripts;

/// <summary>Transcripts of the protocol on one broker; <see cref="ScriptedCalls"/> says what their lines say.</summary>
public sealed class ScriptTests
{
    public static IEnumerable<TheoryDataRow<string>> Scripts() => Transcript.Names();

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Script_runs_as_written(string name)
    {
        var transcript = Transcript.Read(name);
        await using var world = await World.StartAsync(w =>
        {
            w.Options.Ports = PortPolicy.None;
            w.AddKafka(o =>
            {
                o.Set("offsets.topic.num.partitions", "2");
                o.Set("transaction.state.log.num.partitions", "2");
                foreach (var (option, value) in transcript.Options)
                    o.Set(option, value);
            });
        });
        await using var client = await RawClient.ConnectAsync(world);
        var calls = new ScriptedCalls(client);
        await transcript.RunAsync(line => calls.RunAsync(line.Request));
    }
}
