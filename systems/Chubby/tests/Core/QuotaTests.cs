using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Tests;

/// <summary>Quotas in the state machine alone.</summary>
public sealed class QuotaTests
{
    private readonly CellState _state = new(new AccessRules(skipAcl: false, enforceQuota: true));
    private readonly List<string> _warnings = [];

    /// <summary>Whatever changes are made and refused, what a quota says is used is what a count of the tree gives.</summary>
    [Fact]
    public void Use_is_what_a_count_of_the_tree_gives()
    {
        var random = new Seed(5).Stream("quotas");
        Quota("/a", "count=30,bytes=60=;byteHardLimit=90;countHardLimit=12");
        Quota("/b/a", "count=5,bytes=-1");
        var exceeded = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var path = string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => "/" + (char)('a' + random.Next(3))));
            Change one = random.Next(4) switch
            {
                0 or 1 => Node(path, random.Next(12)),
                2 => new SetNodeData(path, new byte[random.Next(12)], random.Next(-1, 3)),
                _ => new DeleteNode(path, -1),
            };
            exceeded += Apply(random.Chance(0.3) ? new Multi([Node("/a/z", 3), one, new DeleteNode("/a/z", -1)]) : one)
                == ZooError.QuotaExceeded ? 1 : 0;
            foreach (var of in (string[])["/a", "/b/a"])
                Assert.Equal(Counted(of), Used(of));
        }
        Assert.InRange(exceeded, 100, 15_000);
    }

    [Fact]
    public void A_soft_limit_is_warned_of_and_not_kept()
    {
        Quota("/a", "count=2,bytes=-1");
        Assert.Equal(ZooError.Ok, Apply(Node("/a", 0)));
        Assert.Equal(ZooError.Ok, Apply(Node("/a/b", 0)));
        Assert.Empty(_warnings);
        Assert.Equal(ZooError.Ok, Apply(Node("/a/c", 0)));
        Assert.Equal(["Quota exceeded: /a [current count=3, soft limit=2]"], _warnings);
    }

    [Fact]
    public void Quotas_count_on_where_the_state_was_restored()
    {
        Quota("/a", "count=5,bytes=-1");
        Apply(Node("/a", 4));
        var restored = StateCodec.Restore(StateCodec.Save(_state), _state.Access);
        restored.Apply(new ChangeHeader(1, 0, 0, 0, []), Node("/a/b", 2));
        Assert.Equal("count=2,bytes=6", Encoding.UTF8.GetString(restored.Tree.Find("/zookeeper/quota/a/zookeeper_stats")!.Data!));
    }

    private static CreateNode Node(string path, int bytes) => new(path, new byte[bytes], AclEntry.Open, CreateMode.Persistent, 0);

    private void Quota(string of, string limits)
    {
        foreach (var (name, text) in ((string, string)[])[("zookeeper_limits", limits), ("zookeeper_stats", "count=0,bytes=0")])
        {
            var path = $"/zookeeper/quota{of}/{name}";
            for (var at = path.IndexOf('/', 17); at > 0; at = path.IndexOf('/', at + 1))
                Apply(Node(path[..at], 0));
            Assert.Equal(ZooError.Ok, Apply(new CreateNode(path, Encoding.UTF8.GetBytes(text), AclEntry.Open, CreateMode.Persistent, 0)));
        }
    }

    private string Used(string of) => Encoding.UTF8.GetString(_state.Tree.Find($"/zookeeper/quota{of}/zookeeper_stats")!.Data!);

    private string Counted(string of)
    {
        var nodes = _state.Tree.FromRoot().Where(n => n.Path == of || n.Path.StartsWith(of + "/", StringComparison.Ordinal)).ToArray();
        return $"count={nodes.Length},bytes={nodes.Sum(n => n.Data!.Length)}";
    }

    private ZooError Apply(Change change)
    {
        var applied = _state.Apply(new ChangeHeader(1, 0, 0, 0, []), change);
        _warnings.AddRange(applied.Warnings);
        return applied.Result.Error;
    }
}
