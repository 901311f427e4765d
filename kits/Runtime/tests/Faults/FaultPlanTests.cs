namespace Microcosm.Runtime.Tests;

public sealed class FaultPlanTests
{
    private static readonly WorldClock Clock = new(null, DateTimeOffset.UnixEpoch);

    [Theory]
    [InlineData("redis.SET nth=3 drop-reply")]
    [InlineData("redis.* node=redis-1 client=app target=user:* p=0.25 limit=7 refuse=\"LOADING Redis is loading\"")]
    [InlineData("kafka.Produce every=10 delay=20ms")]
    [InlineData("redis.GET close-before")]
    [InlineData("redis.SET nth=5 kill-node")]
    [InlineData("nginx.request target=/x host=shop.* location=/cart upstream=carts nth=2 refuse=\"503\"")]
    [InlineData("connect.redis nth=3 refuse")]
    [InlineData("connect.* node=redis-1 client=client p=0.5 limit=2 black-hole")]
    [InlineData("bytes.redis down latency=20ms")]
    [InlineData("bytes.redis up throttle=10240")]
    [InlineData("bytes.redis every=2 cut-after=100")]
    [InlineData("bytes.redis down reset-after=7")]
    public void A_rule_prints_as_it_is_written(string text) => Assert.Equal(text, FaultGrammar.Parse(text).ToString());

    [Theory]
    [InlineData("", "A fault rule begins with an operation")]
    [InlineData("redis.SET", "has no action")]
    [InlineData("redis.SET nth=0 drop-reply", "'nth' takes a number from 1")]
    [InlineData("redis.SET p=2 drop-reply", "'p' takes a chance")]
    [InlineData("redis.SET explode", "Unknown word 'explode'")]
    [InlineData("redis.SET delay=20", "is not a time")]
    [InlineData("redis.SET drop-reply close-before", "second one")]
    [InlineData("redis.SET refuse=\"x", "quote is not closed")]
    [InlineData("connect.redis", "has no action: refuse, black-hole")]
    [InlineData("connect.redis refuse=no", "'refuse' of a connection takes no value")]
    [InlineData("connect.redis drop-reply", "Unknown word 'drop-reply' in a connect rule")]
    [InlineData("connect.redis refuse black-hole", "'black-hole' is a second one")]
    [InlineData("connect.redis host=k refuse", "Unknown word 'host' in a connect rule")]
    [InlineData("connect.redis target=k refuse", "Unknown word 'target' in a connect rule")]
    [InlineData("bytes.redis", "has no action: latency=20ms")]
    [InlineData("bytes.redis up down latency=2s", "one direction")]
    [InlineData("bytes.redis latency=20", "is not a time")]
    [InlineData("bytes.redis throttle=fast", "is not a number of bytes")]
    [InlineData("bytes.redis cut-after=0", "is not a number of bytes")]
    [InlineData("bytes.redis cut-after=1 reset-after=2", "second one")]
    [InlineData("bytes.redis refuse", "Unknown word 'refuse' in a bytes rule")]
    public void A_wrong_rule_says_what_is_wrong(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => FaultGrammar.Parse(text)).Message);

    [Theory]
    [InlineData(true, "host=shop.*")]
    [InlineData(true, "host=shop.example location=/cart upstream=carts")]
    [InlineData(false, "host=shop")]
    [InlineData(false, "location=/")]
    [InlineData(false, "upstream=*s location=/other")]
    public void A_route_is_matched_part_by_part(bool isMet, string filter)
    {
        var plan = new FaultPlan(new Seed(1), Clock);
        plan.Add($"nginx.request {filter} close-before");
        var call = new OperationCall("nginx.request", "nginx-1", 1, default, default)
        {
            Route = new HttpRoute("shop.example", "/cart", "carts"),
        };
        Assert.Equal(isMet, plan.Decide(call).Action == OperationFaultAction.CloseBefore);
        var elsewhere = new OperationCall("nginx.request", "nginx-1", 1, default, default);
        Assert.Equal(OperationFaultAction.None, plan.Decide(elsewhere).Action);
    }

    [Fact]
    public void The_third_match_fires_and_is_recorded()
    {
        var plan = new FaultPlan(new Seed(1), Clock);
        Assert.False(plan.HasOperationRules);
        plan.Add("redis.SET target=user:* nth=3 drop-reply");
        Assert.True(plan.HasOperationRules);
        var actions = new List<OperationFaultAction>();
        for (var i = 0; i < 5; i++)
        {
            Decide(plan, "redis.GET", 1);
            actions.Add(Decide(plan, "redis.SET", 1).Action);
        }
        Assert.Equal([0, 0, OperationFaultAction.DropReply, 0, 0], actions);
        Assert.Equal(3, Assert.Single(plan.Fired).Ordinal);
    }

    [Fact]
    public void The_same_seed_decides_the_same_whatever_other_connections_do()
    {
        var alone = Decisions(withOthers: false);
        Assert.Equal(alone, Decisions(withOthers: true));
        Assert.Contains(true, alone);
        Assert.Contains(false, alone);
    }

    [Fact]
    public void Sizes_are_read_as_Redis_writes_them() =>
        Assert.Equal([10_240, 1_048_576, 100], new[] { "10kb", "1mb", "100" }.Select(s =>
            FaultGrammar.Parse($"bytes.redis cut-after={s}").Connection.Amount));

    [Fact]
    public void Rules_about_connections_cost_operations_nothing()
    {
        var plan = new FaultPlan(new Seed(1), Clock);
        var rule = plan.Add("connect.redis refuse");
        plan.Add("bytes.* latency=1ms");
        Assert.Equal((false, true), (plan.HasOperationRules, plan.HasConnectionRules));
        Assert.Equal(OperationFaultAction.None, Decide(plan, "connect.redis", 1).Action);
        Assert.Equal(0, rule.Matched);
        plan.Clear();
        Assert.False(plan.HasConnectionRules);
    }

    private static List<bool> Decisions(bool withOthers)
    {
        var plan = new FaultPlan(new Seed(42), Clock);
        plan.Add("redis.SET p=0.3 close-before");
        var fired = new List<bool>();
        for (var i = 0; i < 100; i++)
        {
            if (withOthers && i % 3 == 0)
                Decide(plan, "redis.SET", 2);
            fired.Add(Decide(plan, "redis.SET", 1).Action == OperationFaultAction.CloseBefore);
        }
        return fired;
    }

    private static OperationFault Decide(FaultPlan plan, string operation, long connection) =>
        plan.Decide(new OperationCall(operation, "redis-1", connection, "app"u8, "user:1"u8));
}
