using Microcosm.Kafka.Tests.Operations;

namespace Microcosm.Kafka.Tests.Scripts;

/// <summary>Transcripts of the protocol on one broker; the first line may set options. <c>MICROCOSM_UPDATE=1</c> writes the answers
/// anew, beside the test program.</summary>
public sealed class ScriptTests(ITestOutputHelper output)
{
    private const string Options = "# options: ";

    public static TheoryData<string> Scripts() =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Scripts"),
            "*.txt").Select(Path.GetFileName).Order().OfType<string>()];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Is_answered_as_written(string script)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Scripts", script);
        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        await using var world = await World.StartAsync(w =>
        {
            w.Options.Ports = PortPolicy.None;
            w.AddKafka(o =>
            {
                o.Set("offsets.topic.num.partitions", "2");
                o.Set("transaction.state.log.num.partitions", "2");
                foreach (var option in lines.Where(l => l.StartsWith(Options, StringComparison.Ordinal)).SelectMany(l =>
                    l[Options.Length..].Split(' ')))
                    o.Set(option[..option.IndexOf('=')], option[(option.IndexOf('=') + 1)..]);
            });
        }, TestContext.Current.CancellationToken);
        await using var client = await RawClient.ConnectAsync(world);
        var transcript = new Transcript(client);
        var written = new List<string>();
        foreach (var line in lines)
        {
            if (line.StartsWith("> ", StringComparison.Ordinal))
                written.AddRange([line, await transcript.RunAsync(line)]);
            else if (line.StartsWith('#') || line.Length == 0)
                written.Add(line);
        }
        output.WriteLine(string.Join('\n', written));
        if (Environment.GetEnvironmentVariable("MICROCOSM_UPDATE") == "1")
            await File.WriteAllLinesAsync(file, written, TestContext.Current.CancellationToken);
        else
            Assert.Equal(lines, written);
    }
}
