package tracklog.observe;

import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Producer;
import org.apache.camel.Service;
import org.apache.camel.management.DefaultManagementObjectStrategy;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * Limits JMX to the context and its routes. Describing each endpoint, producer, consumer and service costs start time
 * and memory (docs/performance.md). {@code jmx-management-m-beans-level} leaves the processors out.
 */
public final class RouteBeans extends LifecycleStrategySupport {

    @Override
    public void onContextInitialized(CamelContext context) {
        context.getManagementStrategy().setManagementObjectStrategy(new DefaultManagementObjectStrategy() {
            @Override
            public Object getManagedObjectForEndpoint(CamelContext context, Endpoint endpoint) {
                return null;
            }

            @Override
            public Object getManagedObjectForProducer(CamelContext context, Producer producer) {
                return null;
            }

            @Override
            public Object getManagedObjectForConsumer(CamelContext context, Consumer consumer) {
                return null;
            }

            @Override
            public Object getManagedObjectForService(CamelContext context, Service service) {
                return null;
            }
        });
    }
}
