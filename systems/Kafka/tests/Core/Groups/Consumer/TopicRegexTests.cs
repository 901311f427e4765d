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

    [Fact]
    public void Topics_that_the_client_may_not_describe_are_none_to_it()
    {
        _world.Topics.Set("t1", 1).Set("t2", 1);
        _consumer.MayDescribe = topic => topic != "t2";
        _consumer.Beat();
        Assert.Equal("t10", _consumer.Text);
        _world.Topics.Set("t3", 1);
        _consumer.Beat();
        Assert.Equal("t10 t30", _consumer.Text);
        _consumer.MayDescribe = _ => true;
        _consumer.Beat();
        Assert.Equal("t10 t30", _consumer.Text);
        for (var minutes = 0; minutes < 10; minutes++)
        {
            for (var seconds = 0; seconds < 60; seconds += 30)
            {
                _world.Advance(30_000);
                _consumer.Beat();
            }
        }

        Assert.Equal("t10 t20 t30", _consumer.Text);
    }

    [Fact]
    public void A_pattern_that_nobody_has_any_more_is_forgotten_and_so_are_those_of_an_ended_group()
    {
        _world.Topics.Set("t1", 1).Set("u", 1);
        _consumer.Beat();
        Assert.Equal(["t[0-9]+"], _world.Consumers.Resolved.Keys);
        _consumer.Regex = "u";
        _consumer.Beat();
        Assert.Equal(["u"], _world.Consumers.Resolved.Keys);
        _consumer.Leave();
        _world.Failover();
        Assert.Empty(_world.Consumers.Resolved);
    }

    [Theory]
    [InlineData("t(", "missing closing )")]
    [InlineData("a)|(b", "missing closing )")]
    [InlineData("[a", "missing closing ]")]
    [InlineData(@"(a)\1", "invalid escape sequence")]
    [InlineData(@"\Z", "invalid escape sequence")]
    [InlineData(@"\u0041", "invalid escape sequence")]
    [InlineData(@"\cA", "invalid escape sequence")]
    [InlineData(@"\x{110000}", "invalid escape sequence")]
    [InlineData(@"a\", "trailing backslash at end of expression")]
    [InlineData("(?=t)t", "invalid or unsupported Perl syntax")]
    [InlineData("(?!t)t", "invalid or unsupported Perl syntax")]
    [InlineData("(?>t)", "invalid or unsupported Perl syntax")]
    [InlineData("(?x)t", "invalid or unsupported Perl syntax")]
    [InlineData("(?#comment)t", "invalid or unsupported Perl syntax")]
    [InlineData("(?i-)t", "invalid or unsupported Perl syntax")]
    [InlineData("(?<=t)t", "invalid named capture")]
    [InlineData("(?P<a>t)(?P<a>t)", "duplicate capture group name")]
    [InlineData("*a", "missing argument to repetition operator")]
    [InlineData("a|*", "missing argument to repetition operator")]
    [InlineData("(+)", "missing argument to repetition operator")]
    [InlineData("a**", "invalid nested repetition operator")]
    [InlineData("a{2}+", "invalid nested repetition operator")]
    [InlineData("t{1001}", "invalid repeat count")]
    [InlineData("t{3,2}", "invalid repeat count")]
    [InlineData("[z-a]", "invalid character class range")]
    [InlineData("[[:nothing:]]", "invalid character class range")]
    [InlineData(@"\p{IsGreek}", "invalid character class range")]
    [InlineData("((t{100}){100}){100}", "expression too large")]
    public void What_RE2_refuses_is_refused_in_its_words(string pattern, string why)
    {
        _consumer.Regex = pattern;
        var answer = _world.Beat(_consumer.Request()).Value;
        Assert.Equal((short)KafkaError.InvalidRegularExpression, answer.ErrorCode);
        Assert.Equal($"SubscribedTopicRegex `{pattern}` is not a valid regular expression: {why}.", answer.ErrorMessage);
        Assert.Empty(_world.Log);
    }

    [Theory]
    [InlineData("a|b", "b", "ab")]
    [InlineData("", "", "a")]
    [InlineData("a.c", "abc", "ac")]
    [InlineData("(?i)T", "t", "u")]
    [InlineData("a(?i:b)c", "aBc", "abC")]
    [InlineData("(a(?i)b)c", "aBc", "aBC")]
    [InlineData("a(?i)*", "aaa", "AA")]
    [InlineData("(?i)[a-c]+", "aBC", "d")]
    [InlineData("[a-z]{2,3}", "abc", "a")]
    [InlineData("a{100}b{100}c{100}|x", "x", "b")]
    [InlineData("a{,2}", "a{,2}", "aa")]
    [InlineData("a{02}", "a{02}", "aa")]
    [InlineData("x*?y+?", "xxy", "x")]
    [InlineData(".*", "__consumer_offsets", "\n")]
    [InlineData("(?s).", "\n", "")]
    [InlineData("^a$", "a", "ab")]
    [InlineData("(?U)a+", "aa", "b")]
    [InlineData("(?P<name>a)(?<other>b)", "ab", "a")]
    [InlineData(@"a\Q.*\Eb", "a.*b", "axb")]
    [InlineData(@"\Qa.b", "a.b", "axb")]
    [InlineData(@"a\.b\-c\_d", "a.b-c_d", "axb-c_d")]
    [InlineData(@"\x41\x{42}\103", "ABC", "x41")]
    [InlineData(@"\d\D\w\W", "1a_-", "1aa-1")]
    [InlineData(@"\Aab\z", "ab", "abc")]
    [InlineData(@"a\b.*", "a-b", "ab")]
    [InlineData("[]a]+", "]a", "b")]
    [InlineData("[^]a]", "b", "a")]
    [InlineData("[a-]+", "a-", "b")]
    [InlineData(@"[\d-z]+", "1-z", "a")]
    [InlineData("[a-z-[aeiou]]", "b]", "b")]
    [InlineData("[[:alpha:]][[:^digit:]]", "a-", "a1")]
    [InlineData(@"\pL\p{Nd}\P{Lu}", "a1b", "a1B")]
    [InlineData(@"\p{Latin}\p{^Greek}", "ab", "1b")]
    [InlineData(@"a|\p{Greek}", "a", "g")]
    public void Patterns_mean_what_RE2_means(string pattern, string name, string other)
    {
        Assert.Matches(TopicRegex.Parse(pattern), name);
        Assert.DoesNotMatch(TopicRegex.Parse(pattern), other);
    }
}
