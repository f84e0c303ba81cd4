package tracklog.routes;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.BeanScope;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Expression;
import org.apache.camel.Processor;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.bean.DefaultBeanProcessorFactory;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.language.bean.BeanLanguage;
import org.apache.camel.spi.BeanProcessorFactory;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.ExpressionAdapter;

/** Stands for each endpoint and bean that a route calls: notes the call and does what the test said. */
final class Recorder implements BeanProcessorFactory {

    final Map<String, Processor> responses = new HashMap<>();
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    final Map<String, Exchange> reached = new ConcurrentHashMap<>();

    void record(CamelContext context) {
        context.getCamelContextExtension().addContextPlugin(BeanProcessorFactory.class, this);
        context.getCamelContextExtension().registerEndpointCallback(this::mock);
        context.getCamelContextExtension().addLogListener((exchange, logger, message) -> {
            calls.add(logger.getLevel() + " " + message);
            return message;
        });
        context.getRegistry().bind("bean-language", new Expressions());
    }

    private void call(String call, Exchange exchange) throws Exception {
        calls.add(call);
        reached.put(call, ExchangeHelper.createCopy(exchange, true));
        Processor response = responses.get(call);
        if (response != null) {
            response.process(exchange);
        }
    }

    /** Each mock stands for an endpoint; the property holds the one that the route names. */
    private Endpoint mock(String uri, Endpoint endpoint) {
        if (endpoint instanceof MockEndpoint mock) {
            mock.whenAnyExchangeReceived(exchange ->
                    call(name(exchange.getProperty(ExchangePropertyKey.TO_ENDPOINT, String.class)), exchange));
        }
        return endpoint;
    }

    private static String name(String uri) {
        return uri.replaceFirst("://", ":")
                .replaceFirst("^sql:classpath:sql/(.*)\\.sql", "sql:$1")
                .replaceFirst("^aws2-s3:.*[?&]operation=(\\w+).*", "aws2-s3:$1")
                .replaceFirst("^bean:(.*)\\?method=", "bean:$1.")
                .replaceFirst("\\?.*", "");
    }

    /** Stands for a {@code bean} step. A class is part of the route, so its methods are called. */
    @Override
    public Processor createBeanProcessor(
            CamelContext context,
            Object bean,
            String beanType,
            Class<?> beanClass,
            String ref,
            String method,
            BeanScope scope)
            throws Exception {
        if (ref == null) {
            DefaultBeanProcessorFactory real = new DefaultBeanProcessorFactory();
            real.setCamelContext(context);
            real.start();
            return real.createBeanProcessor(context, bean, beanType, beanClass, null, method, scope);
        }
        return exchange -> call("bean:" + ref + "." + method, exchange);
    }

    @Override
    public Processor createBeanProcessor(CamelContext context, Object bean, Method method) {
        throw new UnsupportedOperationException("A route names its bean, and the method by its name.");
    }

    /** Stands for a bean in an expression, {@code method:} or <code>${bean:…}</code>; it returns null unanswered. */
    private final class Expressions extends BeanLanguage {

        @Override
        public Expression createExpression(String expression, Object[] properties) {
            String ref = property(String.class, properties, 4, null);
            boolean inMessage = properties != null && ref == null;
            if (inMessage || (expression != null && expression.startsWith("type:"))) {
                // The object is part of the message, as in ${body.name}, or a class.
                return super.createExpression(expression, properties);
            }
            String name = ref == null ? expression : ref + "." + property(String.class, properties, 2, null);
            return new ExpressionAdapter() {
                @Override
                public Object evaluate(Exchange exchange) {
                    Exchange copy = ExchangeHelper.createCopy(exchange, true);
                    String call = "bean:" + name.replace("?method=", ".");
                    try {
                        call(call, copy);
                    } catch (Exception e) {
                        throw RuntimeCamelException.wrapRuntimeCamelException(e);
                    }
                    return responses.containsKey(call) ? copy.getMessage().getBody() : null;
                }
            };
        }
    }
}
