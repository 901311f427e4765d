namespace Microcosm.Kafka.Tests;

/// <summary>Subscriptions by regular expression, which the coordinator evaluates.</summary>
public sealed class TopicRegexTests
{
    private readonly GroupWorld _world = new();
    private readonly TestConsumer _consumer;

    public TopicRegexTests() => _consumer = new TestConsumer(_world, "a") { Topics = [], Regex = "t[0-9]+" };

    [Fact]
    public void A_pattern_matches_whole_names_also_of_topics_that_come_later()
    {
        _world.Topics.Set("t1", 1).Set("xt1", 1).Set("t1x", 1);
        _consumer.Beat();
        Assert.Equal("t10", _consumer.Text);
        _world.Topics.Set("t22", 1);
        _consumer.Beat();
        Assert.Equal("t10 t220", _consumer.Text);
        _world.Failover();
        _world.Topics.Delete("t1");
        _consumer.Beat();
        _consumer.Beat();
        Assert.Equal("t220", _consumer.Text);
    }

    [Fact]
    public void Names_and_patterns_add_up_and_an_empty_pattern_is_none()
    {
        _world.Topics.Set("t1", 1).Set("u", 1);
        _consumer.Topics = ["u", "t1"];
        _consumer.Beat();
        Assert.Equal("t10 u0", _consumer.Text);
        (_consumer.Topics, _consumer.Regex) = (["u"], "");
        _consumer.Beat();
        _consumer.Beat();
        Assert.Equal("u0", _consumer.Text);
    }

    [Theory]
    [InlineData("t(")]
    [InlineData("a)|(b")]
    [InlineData(@"(a)\1")]
    [InlineData("(?=t)t")]
    [InlineData("t{1001}")]
    [InlineData("((t{100}){100}){100}")]
    public void Patterns_that_are_none_or_take_no_linear_time_are_refused(string pattern)
    {
        _consumer.Regex = pattern;
        var answer = _world.Beat(_consumer.Request()).Value;
        Assert.Equal((short)KafkaError.InvalidRegularExpression, answer.ErrorCode);
        Assert.StartsWith($"SubscribedTopicRegex `{pattern}` is not a valid regular expression: ", answer.ErrorMessage);
        Assert.Empty(_world.Log);
    }

    [Theory]
    [InlineData("a|b", "b")]
    [InlineData("(?i)T", "t")]
    [InlineData("[a-z]{2,3}", "abc")]
    [InlineData(".*", "__consumer_offsets")]
    public void Patterns_match_as_one_expects(string pattern, string name) => Assert.Matches(TopicRegex.Parse(pattern), name);
}
