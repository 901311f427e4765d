using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Nginx;

/// <summary>
/// Clients ask through nginx for pages of three servers, while these and nginx itself crash, pause and have wrong clocks. A fourth one,
/// which nothing happens to, is their backup. So nothing but the loss of nginx may show: every answer is a page, of a server that is one of
/// the four, and all of them serve again in the end.
/// </summary>
internal sealed class UpstreamWorkload : ClientWorkload
{
    private const int Port = 80;
    private const string Steady = "steady";

    private const string Conf =
        """
        events { }
        http {
            upstream pages {
                server page-1 weight=2 max_fails=1 fail_timeout=1s;
                server page-2 max_fails=2 fail_timeout=1s;
                server page-3 fail_timeout=1s;
                server steady backup;
            }
            server {
                listen 80;
                location / { proxy_pass http://pages; proxy_connect_timeout 200ms; proxy_read_timeout 300ms; }
            }
        }
        """;

    private readonly SortedDictionary<string, int> _pages = new(StringComparer.Ordinal);
    private NodeContext _steady = null!;
    private NodeEndPoint _nginx = null!;
    private int _answers;

    public override string Name => "nginx-upstreams";

    public override FaultProfile Faults => new() { Kinds = [FaultKind.Crash, FaultKind.Pause, FaultKind.ClockDrift, FaultKind.ClockJump] };

    protected override TimeSpan Works => TimeSpan.FromSeconds(5);

    protected override void AddNodes()
    {
        for (var i = 1; i <= 3; i++)
            World.AddNode(new NodeDefinition($"page-{i}", Port, context => new TinyHttpNode(context, Port)));
        _steady = World.AddClient(Steady, isDisturbed: false);
        foreach (var node in new NginxSystem(new NginxOptions { Conf = Conf }).Nodes)
        {
            World.AddNode(node);
            _nginx = new NodeEndPoint(node.Name, node.Port);
        }
    }

    public override async Task RunAsync(SimulatedWorld world)
    {
        await world.RunAsync(_steady, async () => await new TinyHttpNode(_steady, Port).StartAsync(CancellationToken.None));
        await base.RunAsync(world);
    }

    protected override async Task WorkAsync(int id, NodeContext context, RandomStream random)
    {
        var browser = new SimulatedBrowser(context);
        while (IsOn)
        {
            var (status, body) = await browser.GetAsync(_nginx, "/");
            // 0: nginx itself was lost, before or after it had the request.
            if (status != 0)
                Take(status, body);
            await RestAsync(context, random);
        }
    }

    protected override async Task JudgeAsync(NodeContext judge)
    {
        DemandProgress(_answers);
        // All that failed is over, and forgotten.
        await Task.Delay(TimeSpan.FromSeconds(5), judge.Clock);
        _pages.Clear();
        var browser = new SimulatedBrowser(judge);
        for (var i = 0; i < 12; i++)
        {
            var (status, body) = await browser.GetAsync(_nginx, "/");
            Take(status, body);
        }
        if (string.Join(' ', _pages.Keys) != "page-1 page-2 page-3")
            throw new CheckFailedException("lost", $"with all servers back {string.Join(' ', _pages.Keys)} serve");
    }

    private void Take(int status, string body)
    {
        if (status != 200)
            throw new CheckFailedException("failed", $"a request was answered with {status} although {Steady} serves: {body}");
        if (body != Steady && !body.StartsWith("page-", StringComparison.Ordinal))
            throw new CheckFailedException("content", $"a page says '{body}'");
        _answers++;
        _pages[body] = _pages.GetValueOrDefault(body) + 1;
    }
}
