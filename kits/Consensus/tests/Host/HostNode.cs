using Microcosm.Runtime;

namespace Microcosm.Consensus.Tests.Host;

/// <summary>A node with a host and a member of each of some groups.</summary>
internal sealed class HostNode(NodeContext context, RaftHostOptions options, int groups, Membership? founders) : Node(context)
{
    public RaftHost Host { get; private set; } = null!;

    public RaftMember[] Members { get; } = new RaftMember[groups];

    public WordMachine[] Machines { get; } = [.. Enumerable.Range(0, groups).Select(_ => new WordMachine())];

    public List<string> Told { get; } = [];

    public override async ValueTask StartAsync(CancellationToken cancellation)
    {
        Host = await RaftHost.OpenAsync(Context, options, cancellation);
        for (var i = 0; i < Members.Length; i++)
        {
            var member = Members[i] = await Host.JoinAsync(i + 1, founders ?? new(options.Nodes.Keys), Machines[i], cancellation);
            member.LeadershipChanged += () => Told.Add($"{member.Leader} in {member.Term}");
        }
    }

    public override ValueTask StopAsync(CancellationToken cancellation) => Host.StopAsync();
}
