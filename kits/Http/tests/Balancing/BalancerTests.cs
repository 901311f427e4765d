using System.Net;
using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>Who is asked: the policies, and what failures do to them.</summary>
public sealed class BalancerTests
{
    [Theory]
    [InlineData("a5 b1 c1", "a a b a c a a")]
    [InlineData("a1 b1", "a b a b")]
    [InlineData("a3 b2", "a b a b a")]
    public void Turns_are_smoothly_weighted(string peers, string order)
    {
        var balancer = new RoundRobin(new PeerGroup(Peers(peers)));
        Assert.Equal(order, string.Join(' ', order.Split(' ').Select(_ => Ask(balancer, new Selection()))));
    }

    [Fact]
    public void A_request_asks_each_server_once_and_then_the_backups()
    {
        var balancer = new RoundRobin(new PeerGroup(Peers("a1 b1"), Peers("x1 y1")));
        var selection = new Selection();
        Assert.Equal(["a", "b", "x", "y", null], Enumerable.Range(0, 5).Select(_ => Ask(balancer, selection)));
        Assert.True(selection.IsInBackup);
    }

    [Fact]
    public void Backups_are_left_alone_while_a_server_may_be_asked()
    {
        var group = new PeerGroup(Peers("a1 b1"), Peers("x1"));
        var balancer = new LeastConnections(group);
        group.Peers[0].IsDown = true;
        Assert.Equal("b", Ask(balancer, new Selection()));
        group.Peers[1].IsDown = true;
        Assert.Equal("x", Ask(balancer, new Selection()));
    }

    [Fact]
    public void A_server_whose_checks_fail_is_not_asked_even_if_it_is_the_only_one()
    {
        var group = new PeerGroup(Peers("a1"));
        var (balancer, peer) = (new RoundRobin(group), group.Peers[0]);
        var worker = TestWorker.New();
        var (one, other) = (Checker(), Checker());
        peer.Tell(one, HealthState.Healthy);
        peer.Tell(other, HealthState.Checking);
        Assert.Null(Ask(balancer, new Selection()));
        peer.Tell(other, HealthState.Unhealthy);
        Assert.Equal((null, HealthState.Unhealthy), (Ask(balancer, new Selection()), peer.Health));
        peer.Tell(other, HealthState.Healthy);
        Assert.Equal("a", Ask(balancer, new Selection()));
        Assert.Equal(2, peer.Checkers.Count());

        HealthChecker Checker() => new(worker, peer.Address, new TcpProbe(Runtime.ConnectOptions.Default), new HealthCheckOptions(),
            () => 0, (_, _, _) => { });
    }

    [Fact]
    public void A_server_that_failed_is_not_asked_for_a_while_and_then_once()
    {
        var group = new PeerGroup([New("a", failsMax: 2), New("b")]);
        var balancer = new RoundRobin(group);
        Assert.False(Fail(balancer, "a", 0));
        Assert.True(Fail(balancer, "a", 1));
        Assert.Equal(["b", "b", "b"], Enumerable.Range(0, 3).Select(_ => Ask(balancer, new Selection(), 11)));
        // After the time it is tried; while that is under way and the time runs anew, it is not.
        var trial = new Selection();
        while (balancer.Choose(trial, 12)?.Name != "a")
            balancer.Release(trial, false, 12);
        Assert.Equal(["b", "b"], Enumerable.Range(0, 2).Select(_ => Ask(balancer, new Selection(), 12)));
        balancer.Release(trial, false, 13);
        Assert.Equal(0, group.Peers[0].Fails);
        Assert.Contains("a", Enumerable.Range(0, 3).Select(_ => Ask(balancer, new Selection(), 13)));
    }

    [Fact]
    public void A_failure_costs_weight_that_comes_back()
    {
        var balancer = new RoundRobin(new PeerGroup([New("a", weight: 40, failsMax: 2), New("b", weight: 40)]));
        Fail(balancer, "a", 0);
        var order = string.Concat(Enumerable.Range(0, 12).Select(_ => Ask(balancer, new Selection())));
        Assert.True(order.Count(c => c == 'a') < order.Count(c => c == 'b'), order);
        for (var i = 0; i < 40; i++)
            Ask(balancer, new Selection());
        order = string.Concat(Enumerable.Range(0, 12).Select(_ => Ask(balancer, new Selection())));
        Assert.Equal(6, order.Count(c => c == 'a'));
    }

    [Fact]
    public void A_single_server_is_asked_whatever_it_did()
    {
        var balancer = new RoundRobin(new PeerGroup(Peers("a1")));
        Assert.False(Fail(balancer, "a", 0));
        Assert.Equal("a", Ask(balancer, new Selection()));
    }

    [Fact]
    public void A_full_server_is_passed_over()
    {
        var balancer = new RoundRobin(new PeerGroup([new Peer("a", At(1)) { ConnectionsMax = 1 }, New("b")]));
        var open = new Selection();
        Assert.Equal("a", balancer.Choose(open, 0)!.Name);
        Assert.Equal(["b", "b"], Enumerable.Range(0, 2).Select(_ => Ask(balancer, new Selection())));
        balancer.Release(open, false, 0);
        Assert.Contains("a", Enumerable.Range(0, 2).Select(_ => Ask(balancer, new Selection())));
    }

    [Fact]
    public void The_least_loaded_for_its_weight_is_asked()
    {
        var balancer = new LeastConnections(new PeerGroup(Peers("a1 b3")));
        var chosen = Enumerable.Range(0, 8).Select(_ => balancer.Choose(new Selection(), 0)!.Name);
        Assert.Equal((2, 6), (chosen.Count(n => n == "a"), balancer.Group.Peers[1].Connections));
    }

    [Fact]
    public void Of_two_draws_the_less_loaded_is_asked()
    {
        var draws = new Queue<int>([0, 0, 1, 2, 1]);
        var group = new PeerGroup(Peers("a1 b1 c1"));
        var balancer = new RandomTwo(group, _ => draws.Dequeue());
        // a and b are equal: the second draw is taken.
        Assert.Equal("b", balancer.Choose(new Selection(), 0)!.Name);
        // c and b: b has one.
        Assert.Equal("c", balancer.Choose(new Selection(), 0)!.Name);
    }

    [Fact]
    public void Random_draws_follow_the_weights()
    {
        var random = new Random(1);
        var balancer = new RandomTwo(new PeerGroup(Peers("a1 b2 c3")), random.Next);
        for (var i = 0; i < 600; i++)
            balancer.Choose(new Selection(), 0);
        Assert.Equal([100, 200, 300], balancer.Group.Peers.Select(p => (p.Connections + 25) / 50 * 50));
    }

    // What nginx 1.22 chose, of 127.0.0.1:18181, :18182 weight=2 and :18183, for the keys key-0 to key-39.
    [Fact]
    public void Keys_are_hashed_as_nginx_hashes_them()
    {
        var balancer = new KeyHash(Nginx());
        Assert.Equal("3122221313223113222213222231313122221313", ByKeys(balancer));
    }

    [Fact]
    public void Keys_are_hashed_consistently_as_nginx_hashes_them()
    {
        var balancer = new ConsistentHash(Nginx());
        Assert.Equal("3132232212222223332213232321132233223222", ByKeys(balancer));
    }

    // For the addresses 127.0.0.1 to 127.0.39.1.
    [Fact]
    public void Addresses_are_hashed_as_nginx_hashes_them()
    {
        var balancer = new IpHash(Nginx());
        var chosen = Enumerable.Range(0, 40).Select(i => Ask(balancer, new Selection { Client = IPAddress.Parse($"127.0.{i}.1") })![^1]);
        Assert.Equal("1223122312231223122312231223122312231223", string.Concat(chosen));
    }

    [Theory]
    [InlineData("key")]
    [InlineData("consistent")]
    [InlineData("maglev")]
    [InlineData("ip")]
    public void A_hashed_request_tries_every_server(string kind)
    {
        for (var i = 0; i < 50; i++)
        {
            var balancer = ByName(kind, Nginx());
            var selection = new Selection { Key = Encoding.ASCII.GetBytes($"k{i}"), Client = IPAddress.Parse($"10.0.{i}.1") };
            Assert.Equal(3, Enumerable.Range(0, 3).Select(_ => Ask(balancer, selection)).Distinct().Count());
            Assert.Null(Ask(balancer, selection));
        }
    }

    [Theory]
    [InlineData("consistent", 4)]
    [InlineData("maglev", 2)]
    public void A_server_that_is_not_asked_moves_little_but_its_own_keys(string kind, int percentMax)
    {
        var balancer = ByName(kind, new PeerGroup(Peers("a1 b1 c1 d1 e1")));
        var before = Chosen();
        Assert.All("abcde", p => Assert.InRange(before.Count(n => n[0] == p), 1600, 2400));
        balancer.Group.Peers[2].IsDown = true;
        var moved = before.Zip(Chosen()).Count(pair => pair.First != "c" && pair.First != pair.Second);
        Assert.InRange(moved, 0, 100 * percentMax);

        string[] Chosen() => [.. Enumerable.Range(0, 10_000).Select(i =>
            Ask(balancer, new Selection { Key = Encoding.ASCII.GetBytes($"key-{i}") })!)];
    }

    [Fact]
    public void A_table_is_shared_by_weight()
    {
        var balancer = new Maglev(new PeerGroup(Peers("a1 b3")));
        var chosen = Enumerable.Range(0, 10_000).Count(i => Ask(balancer, new Selection { Key = Encoding.ASCII.GetBytes($"{i}") }) == "b");
        Assert.InRange(chosen, 7300, 7700);
    }

    private static string? Ask(Balancer balancer, Selection selection, long now = 0)
    {
        var peer = balancer.Choose(selection, now);
        if (peer is not null)
            balancer.Release(selection, hasFailed: false, now);
        return peer?.Name;
    }

    // Asks until the server is chosen, and fails there.
    private static bool Fail(Balancer balancer, string name, long now)
    {
        while (true)
        {
            var selection = new Selection();
            var isIt = balancer.Choose(selection, now)!.Name == name;
            var isDisabled = balancer.Release(selection, isIt, now);
            if (isIt)
                return isDisabled;
        }
    }

    private static string ByKeys(Balancer balancer) => string.Concat(Enumerable.Range(0, 40).Select(i =>
        Ask(balancer, new Selection { Key = Encoding.ASCII.GetBytes($"key-{i}") })![^1]));

    private static Balancer ByName(string kind, PeerGroup group) => kind switch
    {
        "key" => new KeyHash(group),
        "consistent" => new ConsistentHash(group),
        "maglev" => new Maglev(group),
        _ => new IpHash(group),
    };

    private static PeerGroup Nginx() => new(
    [
        new Peer("127.0.0.1:18181", At(18181)),
        new Peer("127.0.0.1:18182", At(18182)) { Weight = 2 },
        new Peer("127.0.0.1:18183", At(18183)),
    ]);

    private static Peer[] Peers(string list) => [.. list.Split(' ').Select(p => New(p[..1], int.Parse(p[1..])))];

    private static Peer New(string name, int weight = 1, int failsMax = 1) => new(name, At(1)) { Weight = weight, FailsMax = failsMax };

    private static IPEndPoint At(int port) => new(IPAddress.Loopback, port);
}
